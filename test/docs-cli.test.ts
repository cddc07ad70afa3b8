import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { makeProgram } from '../src/program.ts'
import { Terminal } from '../src/runtime/terminal.ts'
import { below, writeReference } from './cli-reference.ts'
import { run } from './commands/spawn.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs/cli.md')

/** 0 where they have done what they say. */
const ENDS_PLAINLY = ['regcred completion']

const terminal = new Terminal(new PassThrough())
const program = makeProgram('regcred', { out: terminal, err: terminal }, status => {
  throw new Error(`exit ${status}`)
})

t.test('docs/cli.md is what the commands say of themselves', async t => {
  const wanted = writeReference(program)
  if (process.env['UPDATE'] === '1') writeFileSync(PAGE, wanted)
  t.equal(readFileSync(PAGE, 'utf8'), wanted, 'UPDATE=1 writes it anew; verify the diff')
  for (const { called, command } of below(program, 'regcred')) {
    t.ok(wanted.includes(`\n## ${called}\n`), called)
    for (const { long } of command.options.filter(({ hidden }) => !hidden))
      t.ok(wanted.includes(String(long)), `${long}`)
  }
})

t.test('every variable that is read is told', async t => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map(file => readFileSync(join(ROOT, file), 'utf8'))
  const read = sources.flatMap(source =>
    [...source.matchAll(/\benv(?:\?\.)?\['([A-Z_]+)'\]/g)].map(([, name = '']) => name),
  )
  // What every program reads.
  const told = new Set(read.filter(name => name !== 'PATH' && name !== 'HOME'))
  const page = readFileSync(PAGE, 'utf8').split('\n## Environment\n')[1] ?? ''
  t.ok(told.size >= 5)
  t.strictSame(
    [...told].filter(name => !page.includes(`\`${name}\``)),
    [],
  )
})

t.test('every command says how it ends', async t => {
  const page = readFileSync(PAGE, 'utf8')
  // One that only has commands below it runs nothing.
  const runs = below(program, 'regcred').filter(({ called }) => called !== 'regcred report')
  const silent = runs
    .map(({ called }) => called)
    .filter(called => !/exit status/i.test(page.split(`\n## ${called}\n`)[1]?.split('\n## ')[0] ?? ''))
  t.strictSame(silent, ENDS_PLAINLY)
})

const EXAMPLES: readonly (readonly [args: readonly string[], status: number, out: RegExp])[] = [
  [['check', 'examples', '--fail-on', 'error'], 0, /5 objects checked: 0 errors/],
  [['inspect', 'examples/cluster/regcred.yaml'], 0, /your\.private\.registry\.example\.com/],
  [['can-pull', 'your.private.registry.example.com/a/b', '-f', 'examples/cluster/regcred.yaml'], 0, /^yes - /],
  [['explain', 'SecretNotFound'], 0, /SecretNotFound/],
  [['config'], 0, /^kind: AdmissionConfiguration|AdmissionConfiguration/m],
  [['completion', 'bash'], 0, /complete/],
]

for (const [args, status, out] of EXAMPLES) {
  t.test(`regcred ${args.join(' ')}`, async t => {
    t.match(await run(...args), { status, out })
  })
}
