import t from 'tap'
import type { CheckedObject } from '../../src/engine/checked.ts'
import { writeJson } from '../../src/report/json.ts'
import { checked, NAMESPACE, POD } from './checked.ts'

t.test('the JSON contract, byte for byte', async t => {
  const contract = {
    version: 1,
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'team-a',
        name: 'web',
        images: [
          {
            container: 'web',
            image: 'registry.example.com/acme/web:1',
            class: 'unlisted',
            credentials: [{ secret: 'old', entry: 'https://registry.example.com', usable: false }],
          },
        ],
        plan: [{ secret: 'acme', source: 'match' }],
        skipped: [{ secret: 'hub', source: 'configuration', reason: 'nothingToCover' }],
        findings: [
          {
            code: 'SecretNotFound',
            effect: 'degrades',
            secret: 'amce',
            container: null,
            image: null,
            suggestion: 'acme',
            message: 'pull secret "amce" is not there; did you mean "acme"?',
            line: 20,
            column: 17,
          },
        ],
        ignored: [
          {
            code: 'SecretNotFound',
            effect: 'degrades',
            secret: 'amce',
            container: null,
            image: null,
            suggestion: 'acme',
            message: 'pull secret "amce" is not there; did you mean "acme"?',
            line: 12,
            column: 3,
            by: 'configuration',
            reason: 'Vault makes it',
          },
        ],
        file: 'web.yaml',
        line: 12,
        column: 3,
        source: 'web/templates/web.yaml',
        rendered: false,
      },
    ],
    errors: [{ file: 'a.yaml', line: null, column: null, source: null, rendered: false, message: 'no\\u000atext' }],
    unusedIgnores: [{ file: 'a.yaml', line: 3, column: 1, source: null, rendered: false, message: 'remove it' }],
    unknownNamespaces: ['team-b'],
    unknownServiceAccounts: ['team-b/default'],
    summary: {
      objects: 1,
      workloads: 1,
      checked: 1,
      findings: { error: 0, warning: 0, note: 2 },
      ignored: 1,
      errors: 1,
    },
  }
  const [finding] = POD.findings
  const pod: CheckedObject = {
    ...POD,
    manifest: { ...POD.manifest, line: 12, column: 3, source: 'web/templates/web.yaml' },
    findings: finding === undefined ? [] : [{ ...finding, place: { line: 20, column: 17 } }],
    ignored: POD.findings.map(finding => ({ finding, by: 'configuration', reason: 'Vault makes it' })),
  }
  const all = {
    ...checked(pod),
    errors: [{ file: 'a.yaml', message: 'no\ntext' }],
    unusedIgnores: [{ file: 'a.yaml', line: 3, column: 1, message: 'remove it' }],
    ...{ unknownNamespaces: ['team-b'], unknownAccounts: ['team-b/default'] },
  }
  t.equal(writeJson(all, false), `${JSON.stringify(contract, null, 2)}\n`)
  t.match(JSON.parse(writeJson(all, true)).summary, { findings: { note: 1 } }, 'what may be assumed is no note')
  t.match(JSON.parse(writeJson(checked(), false)), { version: 1, objects: [] })
})

t.test('everything that is not to be injected has one reason, without a name', async t => {
  const stopped: CheckedObject = {
    ...POD,
    plan: { add: [], wouldAdd: [], skipped: [{ secret: null, source: null, reason: 'optedOut' }] },
  }
  const { objects } = JSON.parse(writeJson(checked(stopped), false))
  t.strictSame(objects[0].plan, [])
  t.strictSame(objects[0].skipped, [{ secret: null, source: null, reason: 'optedOut' }])
})

t.test('what is in no namespace has null, and what is not said is null', async t => {
  const image = {
    ...POD.findings[0],
    code: 'ImageInvalid',
    effect: 'blocks',
    container: 'c',
    image: 'I',
    problem: '',
    advice: { kind: 'correctImage', text: '' },
  } as const
  const written = JSON.parse(
    writeJson(checked({ ...NAMESPACE, findings: [{ ...image, origin: 'object', affectsPrivate: false }] }), false),
  )
  t.equal(written.objects[0].namespace, null)
  const bare = JSON.parse(writeJson(checked(NAMESPACE), false))
  t.match(bare.objects[0].findings, [{ secret: null, container: null, image: null, suggestion: null }])
  t.match(written.objects[0].findings, [{ container: 'c', image: 'I' }])
})
