import t from 'tap'
import { type Asked, ask, HOST, IMAGE, inject, PRIVATE, pod, secretFor } from './ask.ts'

const notFound = (secret: string) =>
  `Pod web: Secret "${secret}" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry ${secret} --namespace team-a --from-file=.dockerconfigjson=FILE`
/** Field owners that say that nobody wrote a reference. */
const UNWRITTEN = { managedFields: [{ fieldsV1: { 'f:spec': {} } }] }

const cases: { name: string; asked: Asked; warnings: string[] | undefined }[] = [
  {
    name: 'a missing pull secret of the ServiceAccount is the one cause, and not that its absence leaves images uncovered',
    asked: {
      object: pod({ references: ['gone'], metadata: UNWRITTEN }),
      account: { imagePullSecrets: [{ name: 'gone' }] },
      settings: PRIVATE,
    },
    warnings: [notFound('gone')],
  },
  {
    name: 'so is one that only configuration named',
    asked: {
      object: pod({ references: ['late'], metadata: UNWRITTEN }),
      settings: { ...inject({ secrets: ['late'] }), ...PRIVATE },
    },
    warnings: [notFound('late')],
  },
  {
    name: 'a lost reference is told where lacking it would be: beside references that do nothing',
    asked: {
      object: pod({ references: ['own'] }),
      objects: [secretFor('own', 'own.example.com'), secretFor('acme', HOST)],
    },
    warnings: [
      'Pod web: regcred could not add pull secret "acme" in time; recreate the Pod: kubectl replace --force --namespace team-a -f FILE',
    ],
  },
  {
    name: 'and not where the image may be public',
    asked: { object: pod(), objects: [secretFor('acme', HOST)] },
    warnings: undefined,
  },
]

for (const { name, asked, warnings } of cases) {
  t.test(name, async t => t.strictSame((await ask(asked)).warnings, warnings))
}

t.test('both webhooks together stay below what the API server cuts at, and say how much is left', async t => {
  const many = (length: number, each: (i: number) => string) => Array.from({ length }, (_, i) => each(i))
  for (const width of [1, 60, 240]) {
    const wide = 'y'.repeat(width)
    const object = pod({
      images: [IMAGE, ...many(50, i => `Not/AnImage-${wide}-${i}`)],
      references: many(200, i => `gone-${wide}-${i}`),
      metadata: { annotations: { 'regcred.dev/pull-secrets': many(30, i => `asked-${wide}-${i}`).join() } },
    })
    const [notes = [], findings = []] = await Promise.all(
      (['mutate', 'validate'] as const).map(async stage => (await ask({ stage, object, settings: PRIVATE })).warnings),
    )
    t.ok([...notes, ...findings].join('').length < 4096)
    t.match(notes[0], `Pod web: pull secret "asked-${wide}-16" was not added`)
    t.match(
      findings[0],
      /^Pod web: image "Not\/AnImage-y+.*" of container "c1" is not a valid image name \(.* must be lowercase\); write /,
    )
    // All missing pull secrets are one more.
    const rest = 51 - (findings.length - 1)
    t.equal(findings.at(-1), `Pod web: and ${rest} more; see the audit annotations, or run: regcred check FILE`)
  }
})

t.test('what does not fit is summed up, and no line is forged', async t => {
  const names = Array.from({ length: 60 }, (_, i) => `missing-${i}-${'x'.repeat(200)}`)
  const opaque = names.map(name => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'team-a' } }))
  const object = pod({ references: names, images: ['nginx'] })
  const { warnings = [], audit } = await ask({ object, objects: opaque })
  t.ok(warnings.join('').length < 4096)
  t.equal(warnings.at(-1), 'Pod web: and 52 more; see the audit annotations, or run: regcred check FILE')
  t.equal(audit?.['findings']?.length, 2000)
  const long = names.map(name => name + 'y'.repeat(400))
  const few = await ask({ object: pod({ references: long, images: ['nginx'] }) })
  t.ok((few.warnings ?? []).join('').length < 4096)
  const forged = await ask({ object: pod({ references: ['a\nWarning: b\u2028'], images: ['nginx'] }) })
  t.match(forged.warnings, [/^Pod web: Secret "a\\u000aWarning: b\\u2028" does not exist/])
})
