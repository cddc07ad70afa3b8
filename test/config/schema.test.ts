import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { Pointer } from 'typebox/value'
import { jsonSchema } from '../../src/config/schema.ts'
import { defaultSettings, leavesOf } from '../../src/policy/settings.ts'

const PUBLISHED = new URL('../../docs/configuration.schema.json', import.meta.url)

t.test(
  'the published schema is the one of the code; UPDATE=1 rewrites it, then format it and verify the diff',
  async t => {
    const schema = jsonSchema()
    if (process.env['UPDATE'] === '1') writeFileSync(PUBLISHED, `${JSON.stringify(schema, null, 2)}\n`)
    t.strictSame(JSON.parse(readFileSync(PUBLISHED, 'utf8')), schema)
  },
)

for (const { path, value } of leavesOf(defaultSettings)) {
  t.test(`editors are told what ${path.join('.')} does and what its default is`, async t => {
    const schema = Pointer.Get(jsonSchema(), path.map(key => `/properties/${key}`).join(''))
    t.match(schema, { description: /\w+.*\.$/, default: value })
  })
}

t.test('every mapping refuses fields that it does not know, and says what it is for', async t => {
  const mappings = findMappings(jsonSchema())
  t.equal(mappings.length, 10)
  for (const mapping of mappings) t.match(mapping, { additionalProperties: false, description: String })
})

function findMappings(schema: unknown): object[] {
  if (typeof schema !== 'object' || schema === null) return []
  const below = Object.values(schema).flatMap(findMappings)
  return Reflect.get(schema, 'type') === 'object' ? [schema, ...below] : below
}
