import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { checkJsonSchema } from '../../src/checking/check-schema.ts'

const PUBLISHED = new URL('../../docs/check-configuration.schema.json', import.meta.url)

t.test(
  'the published schema is the one of the code; UPDATE=1 rewrites it, then format it and verify the diff',
  async t => {
    const schema = checkJsonSchema()
    if (process.env['UPDATE'] === '1') writeFileSync(PUBLISHED, `${JSON.stringify(schema, null, 2)}\n`)
    t.strictSame(JSON.parse(readFileSync(PUBLISHED, 'utf8')), schema)
  },
)
