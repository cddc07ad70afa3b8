import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { MAX_CONFIGURATION_BYTES, parseConfiguration } from '../../src/config/parse.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { faultsOf, HEAD } from './refused.ts'

function settingsOf(text: string): Settings | undefined {
  const reading = parseConfiguration(text, 'regcred.yaml')
  return reading.ok ? reading.settings : undefined
}

t.test('a file that only says what it is leaves every default', async t => {
  t.strictSame(settingsOf(HEAD), defaultSettings)
})

t.test('JSON is read as well', async t => {
  const json = JSON.stringify({ apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration', mode: 'off' })
  t.equal(settingsOf(json)?.mode, 'off')
})

t.test('a byte order mark and Windows line ends do no harm', async t => {
  t.equal(settingsOf(`\uFEFF${HEAD}mode: audit\n`.replaceAll('\n', '\r\n'))?.mode, 'audit')
})

t.test('a file larger than 1 MiB is not looked into', async t => {
  t.strictSame(faultsOf('#'.repeat(MAX_CONFIGURATION_BYTES + 1)), ['regcred.yaml: is larger than 1 MiB'])
})

t.test('of very many faults the first hundred are told, and how many are left', async t => {
  const told = faultsOf(`${HEAD}inject: {secrets: [${'A, '.repeat(150)}]}\n`)
  t.equal(told.length, 101)
  t.equal(told.at(-1), 'regcred.yaml: 50 more errors')
})

t.test('any JSON at the door is read or refused with reasons, without a throw', async () => {
  const head = { apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration' }
  const field = fc.constantFrom(...Object.keys(defaultSettings), 'private', 'rules', 'images', 'secrets', '__proto__')
  const anything = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.json().map(json => JSON.parse(json)),
      fc.constantFrom('warn', 'ghcr.io', null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(field, tie('value'), { maxKeys: 4 }),
    ),
  })).value
  fc.assert(
    fc.property(fc.dictionary(field, anything), content => {
      const reading = parseConfiguration(JSON.stringify({ ...head, ...content }), 'f.json')
      return reading.ok || reading.faults.length > 0
    }),
  )
})

t.test('the manual shows the defaults as a file, and examples without faults', async t => {
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const [defaults = '', ...examples] = [...manual.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)
  t.strictSame(settingsOf(defaults), defaultSettings)
  t.equal(examples.length, 2)
  for (const example of examples) t.strictSame(faultsOf(example), [])
})
