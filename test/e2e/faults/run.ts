import { parseArgs } from 'node:util'
import { request } from 'undici'
import { findAssets } from '../build/assets.ts'
import { FAULTS, type Fault } from './faults.ts'
import { startLoad, type Tally } from './load.ts'
import { type Stand, startStand } from './stand.ts'

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})

if (flags.help) {
  console.log(`npm run faults -- [--short] [NAME...]

Makes Pods without a pause on a real control plane that refuses what regcred does not answer, while things go wrong, and
prints what became of them: one row for each fault whose name holds one of the names, or for all. Exits 1 if a Pod
failed for our reason, or something was said that is not so.

${FAULTS.map(({ name, times, unit }) => `  ${name.padEnd(24)} ${times.long} ${unit}, ${times.short} with --short`).join('\n')}`)
} else {
  await findAssets()
  const wanted = FAULTS.filter(({ name }) => names.length === 0 || names.some(part => name.includes(part)))
  const stand = await startStand()
  try {
    print('fault', 'times', 'answered', 'failed', 'wrong', '503', 'unknown', 'longest ms', 'RSS before', 'RSS after')
    for (const fault of wanted) await tryFault(stand, fault)
  } finally {
    await stand.stop()
  }
}

async function tryFault(stand: Stand, { name, times, rate, run }: Fault): Promise<void> {
  const load = await startLoad(stand.controlPlane, rate)
  const many = flags.short ? times.short : times.long
  const before = await memoryOf(stand)
  const eachMinute: number[] = []
  const timer = setInterval(async () => eachMinute.push(await memoryOf(stand).catch(() => Number.NaN)), 60_000)
  await run(stand, many)
  clearInterval(timer)
  const tally = await load.stop()
  const { answered, failed, wrong, overloaded, unknown, longest } = tally
  print(name, many, answered, failed, wrong, overloaded, unknown, Math.round(longest), before, await memoryOf(stand))
  if (eachMinute.length > 0) console.log(`${''.padEnd(24)}RSS each minute: ${eachMinute.join(' ')}`)
  if (!isGood(tally)) {
    console.log(tally.sample)
    process.exitCode = 1
  }
}

function isGood({ failed, wrong, answered }: Tally): boolean {
  return failed === 0 && wrong === 0 && answered > 0
}

function print(name: string, ...cells: readonly (string | number)[]): void {
  console.log(`${name.padEnd(24)}${cells.map(cell => String(cell).padStart(12)).join('')}`)
}

/** MiB that the larger replica holds. */
async function memoryOf({ replicas }: Stand): Promise<number> {
  const bytes = replicas.map(async ({ metricsUrl }) => {
    const { body } = await request(`${metricsUrl}/metrics`)
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(await body.text())?.[1])
  })
  return Math.round(Math.max(...(await Promise.all(bytes))) / 2 ** 20)
}
