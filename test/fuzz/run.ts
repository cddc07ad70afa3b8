import { createHash, randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { spent } from './cost.ts'
import { PROPERTIES } from './properties.ts'
import type { Property } from './property.ts'

const FOUND = join(import.meta.dirname, 'found')
/** Inputs of one property before it is the next one's turn. */
const BATCH = 2000

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run fuzz -- [--minutes 10] [--seed N]

Sends generated input to every way in (the door, docker configs, configuration, manifests, scans) for so many minutes. What breaks a
property, or costs more than its bytes are worth, is made as small as can be, written to test/fuzz/found/, and from then on a case of \`npm test\`. Exits 1 if
there is any.`)
  process.exit(0)
}

const end = Date.now() + Number(flags.minutes) * 60_000
let seed = Number(flags.seed)
let inputs = 0
console.error(`seed ${seed}`)
while (Date.now() < end) {
  for (const property of PROPERTIES) {
    await tryBatch(property)
    inputs += BATCH
  }
  const { reviews, bytes, steps, nanoseconds, mostSteps } = spent
  const each = (nanoseconds / (steps + bytes)).toFixed(0)
  console.error(
    `cost: ${reviews} reviews, ${bytes} bytes, ${steps} steps, ${mostSteps} at most, ${each} ns for a byte or step`,
  )
  console.error(`${inputs} inputs, ${Math.max(0, Math.round((end - Date.now()) / 1000))} s left`)
  seed += 1
}
console.log(`${inputs} inputs, ${process.exitCode === 1 ? 'and something was found' : 'nothing found'}`)

async function tryBatch({ name, inputs, check }: Property): Promise<void> {
  const property = fc.asyncProperty(inputs, async input => await check(input))
  const { counterexample, errorInstance } = await fc.check(property, { seed, numRuns: BATCH })
  if (counterexample === null) return
  const [input] = counterexample
  const file = join(FOUND, `${name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`)
  writeFileSync(file, input)
  console.error(`${name}: ${errorInstance instanceof Error ? errorInstance.message : errorInstance}`)
  console.error(`  kept as ${relative(process.cwd(), file)}`)
  process.exitCode = 1
}
