import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { explain } from '../../src/config/explain.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { assessPod } from '../../src/engine/assess-subject.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { isExempt } from '../../src/policy/settings.ts'
import { readPod } from '../../src/review/pod.ts'

/** Generated configurations and Pods. */
const RUNS = 5000

const oneOf = fc.constantFrom
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const pattern = oneOf(
  ...['ghcr.io', 'ghcr.io/acme', '*.io', '*.io/acme', 'gh*.io', 'docker.io', 'docker.io/library', 'quay.io/acme'],
  ...['*.example.com', 'reg.example.com', 'reg.example.com/team', '*.*.com', 'localhost:5000', '*:5000'],
)
const image = oneOf(
  ...['nginx', 'acme/web', 'ghcr.io/acme/web:1', 'ghcr.io/acme-evil/web', 'quay.io/acme/x', 'quay.io/x'],
  ...[
    'reg.example.com/team/app',
    'reg.example.com/web',
    'REG.example.com/web',
    'localhost:5000/x',
    'Not valid',
    'xyz.io/web',
  ],
)
const secretName = oneOf('hub', 'ghcr', 'acme', 'team')
const secretNames = fc.uniqueArray(secretName, { maxLength: 3 })
const namespaceName = oneOf('team-a', 'kube-system', 'default')
const annotation = maybe(oneOf('', 'hub', 'hub, acme', ' , team', 'x,hub'))

/** A pattern has one class, so each is dealt to one list. */
const registries = fc
  .uniqueArray(fc.tuple(pattern, oneOf('private', 'node', 'public', 'mixed')), {
    selector: ([text]) => text,
    maxLength: 6,
  })
  .map(dealt => {
    const lists = Map.groupBy(dealt, ([, name]) => name)
    return Object.fromEntries([...lists].map(([name, listed]) => [name, listed.map(([text]) => text)]))
  })

const configuration = fc.record(
  {
    mode: oneOf('off', 'audit', 'warn', 'enforce'),
    registries: fc.tuple(registries, maybe(oneOf('unlisted', 'private'))).map(([lists, fallback]) => ({
      ...lists,
      ...(fallback && { default: fallback }),
    })),
    inject: fc.record(
      {
        enabled: fc.boolean(),
        optOut: fc.boolean(),
        secrets: secretNames,
        rules: fc.array(
          fc.record({
            images: fc.uniqueArray(pattern, { minLength: 1, maxLength: 2 }),
            secrets: fc.uniqueArray(secretName, { minLength: 1, maxLength: 2 }),
          }),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: [] },
    ),
    exemptions: fc.record({ namespaces: fc.uniqueArray(namespaceName, { maxLength: 2 }) }),
  },
  { requiredKeys: [] },
)

const namespace = fc.record({
  name: namespaceName,
  mode: maybe(oneOf('off', 'audit', 'warn', 'enforce', 'enfroce', '')),
  inject: maybe(oneOf('enabled', 'disabled', 'on')),
  pullSecrets: annotation,
})

const pod = fc.record({
  images: fc.array(fc.tuple(image, oneOf('Always', 'IfNotPresent', 'Never')), { minLength: 1, maxLength: 3 }),
  optedOut: fc.boolean(),
  mirror: fc.boolean(),
  pullSecrets: annotation,
})

type Generated = {
  readonly file: object
  readonly namespace: {
    name: string
    mode: string | undefined
    inject: string | undefined
    pullSecrets: string | undefined
  }
  readonly pod: { images: [string, string][]; optedOut: boolean; mirror: boolean; pullSecrets: string | undefined }
}

/** What the engine decides, in the form in which `config` says it. */
async function decide({ namespace, pod }: Generated, settings: Parameters<typeof prepareRulebook>[0]) {
  const set = (entries: Record<string, string | undefined>) =>
    Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
  const metadata = {
    name: namespace.name,
    labels: set({ 'regcred.dev/mode': namespace.mode, 'regcred.dev/inject': namespace.inject }),
    annotations: set({ 'regcred.dev/pull-secrets': namespace.pullSecrets }),
  }
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: namespace.name } },
  ]
  const view = new ManifestView(objects.map(object => ({ file: 'f', ...object, object })))
  const annotations = set({
    'regcred.dev/inject': pod.optedOut ? 'disabled' : undefined,
    'kubernetes.io/config.mirror': pod.mirror ? 'x' : undefined,
    'regcred.dev/pull-secrets': pod.pullSecrets,
  })
  const containers = pod.images.map(([image, imagePullPolicy], i) => ({ name: `c${i}`, image, imagePullPolicy }))
  const home = { isFile: false, list: 'spec.imagePullSecrets' }
  const subject = { ...readPod({ annotations }, { containers }, 'pod', 'mutating', 'create'), home }
  const rulebook = prepareRulebook(settings)
  const assessed = await assessPod(subject, namespace.name, { view, live: view, rulebook, now: () => 0 }, () => 1000)
  return {
    subject,
    held: view.namespace(namespace.name),
    mode: assessed.mode,
    enabled: !assessed.plan.skipped.some(({ secret }) => secret === null),
    names: assessed.lookup.writtenNames().map(({ secret }) => secret),
    classes: assessed.facts.images.map(use => [use.image, use.name === undefined ? null : use.registryClass]),
    exempt: isExempt(settings, namespace.name, undefined),
  }
}

t.test(`config says what the engine decides, for ${RUNS} configurations and Pods`, async t => {
  await fc.assert(
    fc.asyncProperty(fc.record({ file: configuration, namespace, pod }), async generated => {
      const head = { apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration' }
      const reading = parseConfiguration(stringify({ ...head, ...generated.file }), 'f.yaml')
      if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
      const { subject, held, ...decided } = await decide(generated, reading.settings)
      if (held.state !== 'value') throw new Error('the Namespace is not there')
      const rows = explain(reading, { namespace: held.value, pod: subject })
      const valueAt = (setting: string) => rows.find(row => row.setting === setting)?.value
      const said = {
        mode: valueAt('mode'),
        // What is only recorded is planned for as well.
        enabled: valueAt('inject.enabled') !== false,
        names: [...new Set(rows.flatMap(row => (row.setting === 'inject.secrets' ? row.value : [])))],
        classes: decided.classes.map(([image]) => [image, valueAt(`class of ${image}`)]),
        exempt: valueAt('exempt'),
      }
      deepStrictEqual(said, decided)
    }),
    { numRuns: RUNS },
  )
  t.pass('no difference')
})
