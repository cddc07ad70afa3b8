import { PassThrough } from 'node:stream'
import t from 'tap'
import type { Checked, CheckedObject } from '../../src/check.ts'
import { writeJson } from '../../src/report/json.ts'
import { writeText } from '../../src/report/text.ts'

const POD: CheckedObject = {
  manifest: { file: 'web.yaml', apiVersion: 'v1', kind: 'Pod', object: {} },
  namespace: 'team-a',
  name: 'web',
  images: [
    {
      container: 'web',
      image: 'registry.example.com/acme/web:1',
      registryClass: 'unlisted',
      credentials: [{ secret: 'old', entry: 'https://registry.example.com', usable: false }],
    },
  ],
  plan: {
    add: [{ secret: 'acme', source: 'match' }],
    skipped: [{ secret: 'hub', source: 'configuration', reason: 'nothingToCover' }],
  },
  findings: [
    {
      code: 'SecretNotFound',
      effect: 'degrades',
      secret: 'amce',
      suggestion: 'acme',
      origin: 'object',
      affectsPrivate: false,
      message: 'pull secret "amce" is not there',
    },
  ],
}

const NAMESPACE: CheckedObject = {
  manifest: { file: '-', apiVersion: 'v1', kind: 'Namespace', object: {} },
  namespace: '',
  name: 'team-a',
  images: [],
  plan: { add: [], skipped: [] },
  findings: [
    {
      code: 'LabelInvalid',
      effect: 'mayBlock',
      origin: 'object',
      affectsPrivate: false,
      message: 'a label\nforges a line',
    },
  ],
}

function checked(...objects: CheckedObject[]): Checked {
  return { objects, unreadable: [], withoutSecrets: [] }
}

t.test('the JSON contract, field by field', async t => {
  t.strictSame(JSON.parse(writeJson(checked(POD))), {
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
            message: 'pull secret "amce" is not there',
          },
        ],
      },
    ],
  })
})

t.test('in JSON what is in no namespace has null, and what is not said is null', async t => {
  const image = {
    ...POD.findings[0],
    code: 'ImageInvalid',
    effect: 'blocks',
    container: 'c',
    image: 'I',
    message: '',
  } as const
  const written = JSON.parse(
    writeJson(checked({ ...NAMESPACE, findings: [{ ...image, origin: 'object', affectsPrivate: false }] })),
  )
  t.equal(written.objects[0].namespace, null)
  const bare = JSON.parse(writeJson(checked(NAMESPACE)))
  t.match(bare.objects[0].findings, [{ secret: null, container: null, image: null, suggestion: null }])
  t.match(written.objects[0].findings, [{ container: 'c', image: 'I' }])
})

t.test('the text says what there is to say of each object, and counts', async t => {
  const clean: CheckedObject = { ...POD, findings: [], plan: { add: [], skipped: [] } }
  t.equal(
    writeText(checked(POD, NAMESPACE, clean), new PassThrough()),
    `Pod web in namespace team-a (web.yaml)
  degrades   SecretNotFound: pull secret "amce" is not there
  injects    acme (match)

Namespace team-a (-)
  may block  LabelInvalid: a label�forges a line

3 objects checked: 0 blocks, 1 may block, 1 degrades
`,
  )
})

t.test('one object is one object', async t => {
  t.equal(
    writeText(checked({ ...POD, findings: [], plan: { add: [], skipped: [] } }), new PassThrough()),
    '1 object checked: 0 blocks, 0 may block, 0 degrades\n',
  )
})
