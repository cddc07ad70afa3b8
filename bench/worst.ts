import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { SHAPES } from '../test/attacks/shapes.ts'
import { type Stand, startStand } from '../test/attacks/stand.ts'
import { type Waited, Witness } from '../test/attacks/witness.ts'
import { threadCpuOf } from './figures/cpu.ts'
import { quantile } from './figures/quantile.ts'

/** Milliseconds that an ordinary review, and `/livez`, may wait because of one other request. */
const MAX_WAIT_MS = 100
const MAX_LIVEZ_WAIT_MS = 250
/** Rounds before anything is measured: a server that has just started compiles what it runs. */
const WARM_UP_ROUNDS = 20
/** Milliseconds that are watched after the answer: what it leaves behind is its doing too. */
const AFTERWARDS_MS = 300

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench:worst -- [--rounds 5] [--only TEXT]

Sends each of ${SHAPES.length} requests that are as large and as awkward as they are taken, one at a time, beside 200 ordinary reviews a
second, and prints for how long the ordinary one that waited the longest had to: the median of the rounds, and the least and
the greatest. Beside it the milliseconds of CPU of the thread that answers, others' reviews included. Exits 1 where that is more than ${MAX_WAIT_MS} ms, or more than ${MAX_LIVEZ_WAIT_MS} ms for /livez.

  --only TEXT  nothing but shapes with this in their name`)
  process.exit(0)
}

const stand = await startStand()
const witness = new Witness(stand)
let isOver = false
try {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await witness.watch(() => wait(AFTERWARDS_MS))
  const quiet: Waited[] = []
  for (let round = 0; round < 10; round += 1) quiet.push(await witness.watch(() => wait(AFTERWARDS_MS)))
  const without = median(quiet.map(({ review }) => review))
  console.log(`ms that an ordinary review waits at most, alone: ${spread(quiet.map(({ review }) => review))}`)
  console.log(
    '| what is sent | answer | its own ms | CPU | others wait | times alone | /livez |\n| --- | --- | --- | --- | --- | --- | --- |',
  )
  let worst = 0
  for (const [index, { name }] of SHAPES.entries()) {
    if (!name.includes(flags.only)) continue
    const { waited, sent } = await measure(stand, index)
    const review = waited.map(({ review }) => review)
    const livez = waited.map(({ livez }) => livez)
    const cpu = spread(sent.map(({ cpu }) => cpu))
    const own = median(sent.map(({ milliseconds }) => milliseconds)).toFixed(0)
    const times = (median(review) / without).toFixed(1)
    console.log(`| ${name} | ${sent[0]?.status} | ${own} | ${cpu} | ${spread(review)} | ${times} | ${spread(livez)} |`)
    worst = Math.max(worst, median(review))
    isOver ||= median(review) > MAX_WAIT_MS || median(livez) > MAX_LIVEZ_WAIT_MS
  }
  console.log(`worst: ${worst.toFixed(0)} ms; peak ${(await stand.peak()).anonymous.toFixed(0)} MiB`)
} finally {
  witness.close()
  await stand.stop()
}
process.exitCode = isOver ? 1 : 0

async function measure(stand: Stand, index: number) {
  const waited: Waited[] = []
  const sent: { readonly status: number; readonly milliseconds: number; readonly cpu: number }[] = []
  // The first round warms up and is not counted.
  for (let round = 0; round <= Number(flags.rounds); round += 1) {
    const send = await stand.prepare(index)
    const one = await witness.watch(async () => {
      const before = mainThreadCpu(stand)
      const answer = await send()
      await wait(AFTERWARDS_MS)
      if (round > 0) sent.push({ ...answer, cpu: mainThreadCpu(stand) - before })
    })
    if (round > 0) waited.push(one)
  }
  return { waited, sent }
}

/** Milliseconds of CPU that the thread that answers has used: the same on a busy machine. */
function mainThreadCpu({ process: { pid = 0 } }: Stand): number {
  return threadCpuOf(pid, pid) / 1e6
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The median, with the least and the greatest. */
function spread(values: readonly number[]): string {
  return `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`
}
