import { readFileSync } from 'node:fs'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { FINDINGS } from '../../src/policy/finding.ts'
import { writeJson } from '../../src/report/json.ts'
import { checked, NAMESPACE, POD } from './checked.ts'

const PUBLISHED = readFileSync(new URL('../../docs/check.schema.json', import.meta.url), 'utf8')
/** The same, but that it knows every field there is. */
const CLOSED = PUBLISHED.replaceAll('"type": "object",', '"type": "object", "additionalProperties": false,')

const all = {
  ...checked(
    { ...POD, ignored: POD.findings.map(finding => ({ finding, by: 'configuration', reason: 'r' })) },
    NAMESPACE,
  ),
  errors: [
    { file: 'f', line: 1, column: 2, source: 's', message: 'm' },
    { file: 'g', message: 'n' },
  ],
  unknownNamespaces: ['a'],
  unusedIgnores: [{ file: 'f', message: 'm' }],
}
const written = JSON.parse(writeJson(all, false))

t.test('what is written fits the published schema, which has every field of it', async t => {
  t.strictSame([...Compile(JSON.parse(PUBLISHED)).Errors(written)], [])
  t.strictSame([...Compile(JSON.parse(CLOSED)).Errors(written)], [])
})

t.test('what lacks a field does not fit, and what has one more does', async t => {
  const validator = Compile(JSON.parse(PUBLISHED))
  for (const key of Object.keys(written)) t.equal(validator.Check({ ...written, [key]: undefined }), false, key)
  t.equal(validator.Check({ ...written, more: 1 }), true, 'it may grow')
})

t.test('it has every code', async t => {
  for (const code of Object.keys(FINDINGS)) t.match(PUBLISHED, `"${code}"`)
})
