import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { PROPERTIES } from './properties.ts'

/** Enough to notice; `npm run fuzz` goes on for as long as it is told to. */
const RUNS = 300
const FOUND = join(import.meta.dirname, 'found')

for (const { name, inputs, check } of PROPERTIES) {
  t.test(`whatever comes as ${name.replaceAll('-', ' ')} is answered well`, async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async input => await check(input)),
      { numRuns: RUNS },
    )
  })
}

t.test('what was found once stays mended', async t => {
  for (const file of readdirSync(FOUND)) {
    const property = PROPERTIES.find(({ name }) => file.startsWith(`${name}-`))
    if (property === undefined) throw new Error(`${file} is named after no property`)
    await property.check(readFileSync(join(FOUND, file)))
    t.pass(file)
  }
})
