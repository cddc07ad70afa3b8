import t from 'tap'
import { readOwnIgnores } from '../../../src/manifests/ignores/own-ignores.ts'
import { findInText } from '../../../src/manifests/read.ts'

async function read(annotation: string, isOptional = false) {
  const text = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    regcred.dev/ignore: ${JSON.stringify(annotation)}
`
  for await (const found of findInText('web.yaml', text)) {
    if ('object' in found) return readOwnIgnores(found, ['metadata'], isOptional)
  }
  return undefined
}

const PLACE = { file: 'web.yaml', line: 5, column: 25 }

t.test('codes with their reasons, and where they stand', async t => {
  t.strictSame(await read('SecretNotFound: Vault makes it\nImageInvalid: so be it'), {
    ignores: [
      { ...PLACE, code: 'SecretNotFound', reason: 'Vault makes it' },
      { ...PLACE, code: 'ImageInvalid', reason: 'so be it' },
    ],
    faults: [],
  })
})

const wrong: readonly [text: string, message: string][] = [
  ['SecretNotFond: r', '"SecretNotFond" is not the code of a finding; did you mean SecretNotFound?'],
  ['Vault', '"Vault" is not the code of a finding; regcred explain lists them'],
  [
    'a\u001b[2Jb'.repeat(50),
    `"${'a\\u001b[2Jb'.repeat(6).slice(0, 59)}…" is not the code of a finding; regcred explain lists them`,
  ],
  ['SecretNotFound', 'SecretNotFound is ignored without a reason; write SecretNotFound: REASON'],
  ['A'.repeat(4097), 'longer than 4096 characters; write less'],
]

for (const [text, message] of wrong) {
  t.test(`told with its place: ${message}`, async t => {
    t.strictSame(await read(text), { ignores: [], faults: [{ ...PLACE, message: `regcred.dev/ignore: ${message}` }] })
  })
}

t.test('where no reason is asked for, none is needed', async t => {
  t.match(await read('CredentialsDoubtful', true), {
    ignores: [{ code: 'CredentialsDoubtful', reason: '' }],
    faults: [],
  })
})

t.test('without places, and with a source', async t => {
  const object = { metadata: { annotations: { 'regcred.dev/ignore': 'ImageInvalid: r' } } }
  const found = { file: '-', source: 'a.yaml', apiVersion: 'v1', kind: 'Pod', object }
  t.strictSame(readOwnIgnores(found, ['metadata'], false).ignores, [
    { file: '-', source: 'a.yaml', code: 'ImageInvalid', reason: 'r' },
  ])
  t.strictSame(readOwnIgnores(found, ['spec'], false), { ignores: [], faults: [] })
})
