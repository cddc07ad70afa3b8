import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { SHAPES } from './manifest-shapes.ts'

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    factor: { type: 'string', default: '4' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench:manifests -- [--only NAME] [--factor 4]

Checks files of hostile shapes with regcred check, each in two sizes, in a process of its own, and prints the CPU of both and how
much faster than its size the CPU grows: 1 is linear, and with the default factor 4 is quadratic. What a start takes is taken off.`)
  process.exit(0)
}

const CHECK = [`${import.meta.dirname}/../src/cli.ts`, 'check', '--strict', '-f', '-']
/** A run that takes longer is given up, in ms. */
const TIMEOUT_MS = 120_000
/** Less than this, in ms, says nothing about growth. */
const NOISE_MS = 150

interface Run {
  readonly ms: number
  readonly said: string
}

/** What it takes to check a text, all of the process counted. */
function run(input: string): Run {
  const options = { input, encoding: 'utf8', timeout: TIMEOUT_MS, maxBuffer: 1 << 30 } as const
  const timed = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="took %3U %3S"; time "$@"', '-', process.execPath, ...CHECK],
    options,
  )
  const [, user = 'NaN', system = '0'] = /^took ([\d.]+) ([\d.]+)$/m.exec(timed.stderr) ?? []
  const line = timed.stderr.split('\n')[0] ?? ''
  const said = line.startsWith('took') ? (timed.stdout.trimEnd().split('\n').at(-1) ?? '') : line
  return { ms: 1000 * (Number(user) + Number(system)), said: said.slice(0, 90) }
}

const factor = Number(flags.factor)
const start = run('{}').ms
console.log(`a start takes ${start.toFixed(0)} ms\n`)
console.log('| shape | small, ms | large, ms | growth | it says |\n| --- | --- | --- | --- | --- |')
for (const [name, { size, make }] of Object.entries(SHAPES)) {
  if (!name.includes(flags.only)) continue
  const small = run(make(size))
  const large = run(make(size * factor))
  const grown = (large.ms - start) / factor / Math.max(small.ms - start, NOISE_MS)
  console.log(`| ${name} | ${small.ms.toFixed(0)} | ${large.ms.toFixed(0)} | ${grown.toFixed(2)} | ${large.said} |`)
}
