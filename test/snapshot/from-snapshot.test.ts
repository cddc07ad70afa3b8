import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { toYaml } from '../../src/commands/secret/yaml.ts'
import { fromSnapshot } from '../../src/snapshot/from-snapshot.ts'
import { anyCase, type Case } from '../kubelet/cases.ts'
import { manifest, throughSnapshot, verdicts } from './same-verdict.ts'

const recorded = join(import.meta.dirname, '../kubelet/recorded')
const RUNS = 1000

/** The Secrets of a case, and Pods that name them: all, each, one that is not there, and none. */
function objectsOf({ secrets, image }: Case) {
  const names = secrets.map((_, number) => `secret-${number}`)
  const lists = [names, ...names.map(name => [name]), ['secret-x', ...names], []]
  const pods = lists.map((references, number) =>
    manifest('Pod', `pod-${number}`, {
      spec: { containers: [{ name: 'web', image }], imagePullSecrets: references.map(name => ({ name })) },
    }),
  )
  return { pods, secrets: [OTHER, ...secrets.map((secret, number) => manifest('Secret', `secret-${number}`, secret))] }
}

/** Files are taken for all there is in a namespace if there is a pull secret of it among them. */
const OTHER = manifest('Secret', 'other', {
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': 'e30=' },
})

const yamlAndBack = (value: object) => parse(toYaml(value))

/** What is said with the Secrets themselves, and with a snapshot of them. */
async function both(question: Case, format?: (value: object) => unknown) {
  const { pods, secrets } = objectsOf(question)
  const [direct, through] = [
    await verdicts([...pods, ...secrets]),
    await verdicts(pods, throughSnapshot(secrets, format)),
  ]
  return { direct, through }
}

for (const file of globSync('*.jsonl', { cwd: recorded }).sort()) {
  t.test(`the recorded ${file} are judged alike with the Secrets and with a snapshot of them`, async t => {
    const lines = readFileSync(join(recorded, file), 'utf8').trim().split('\n')
    let findings = 0
    for (const line of lines) {
      const { case: question }: { case: Case } = JSON.parse(line)
      const { direct, through } = await both(question)
      findings += direct.reduce((sum, one) => sum + one.findings.length, 0)
      if (!isDeepStrictEqual(through, direct)) t.strictSame(through, direct, line)
    }
    t.ok(findings > lines.length, 'there is something to say of them')
  })
}

t.test('any Secrets are judged alike with a snapshot in YAML', async t => {
  await fc.assert(
    fc.asyncProperty(anyCase(), async question => {
      const { direct, through } = await both(question, yamlAndBack)
      return isDeepStrictEqual(through, direct)
    }),
    { numRuns: RUNS },
  )
  t.pass(`${RUNS} of them`)
})

t.test('expiry, ServiceAccounts and labels count as they would in the files', async t => {
  const token = ['e30', Buffer.from('{"exp": 1767225600}').toString('base64url'), 's'].join('.')
  const config = { auths: { 'registry.example.com': { username: 'ci', password: token } } }
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') }
  const secret = (name: string, rest: object = {}) =>
    manifest('Secret', name, { type: 'kubernetes.io/dockerconfigjson', data, ...rest })
  const copied = { metadata: { name: 'later', namespace: 'team-a', annotations: COPIED } }
  const cluster = [
    OTHER,
    manifest('Secret', 'other', { type: 'kubernetes.io/dockerconfigjson', data }, 'added'),
    secret('old'),
    secret('made', { metadata: { name: 'made', namespace: 'team-a', annotations: GENERATED } }),
    secret('empty', { data: {} }),
    secret('later', { data: {}, ...copied }),
    manifest('Secret', 'opaque', { type: 'Opaque', data: {} }),
    manifest('Secret', 'untyped', { data: {} }),
    manifest('ServiceAccount', 'default', { imagePullSecrets: [{ name: 'old' }] }),
    manifest('ServiceAccount', 'role', {
      metadata: { name: 'role', namespace: 'team-a', annotations: { 'example.com/role': 'x' } },
    }),
    manifest('ServiceAccount', 'strict', {
      metadata: {
        name: 'strict',
        namespace: 'team-a',
        annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' },
      },
    }),
    manifest('ServiceAccount', 'many', {
      metadata: {
        name: 'many',
        namespace: 'team-a',
        annotations: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, 'x'])),
      },
    }),
    manifest('Namespace', 'team-a', { metadata: { name: 'team-a', labels: { 'regcred.dev/mode': 'warn' } } }),
    manifest('Namespace', 'quiet', { metadata: { name: 'quiet', labels: { 'regcred.dev/mode': 'off' } } }),
    manifest('Namespace', 'added', {
      metadata: {
        name: 'added',
        labels: { 'regcred.dev/inject': 'enabled' },
        annotations: { 'regcred.dev/pull-secrets': 'acme' },
      },
    }),
  ]
  const image = 'registry.example.com/acme/web:1'
  const pods = [
    ...['old', 'made', 'empty', 'later', 'opaque', 'untyped', 'missing'].map(name =>
      manifest('Pod', name, { spec: { containers: [{ name: 'web', image }], imagePullSecrets: [{ name }] } }),
    ),
    ...['default', 'role', 'strict', 'many', 'unknown'].map(serviceAccountName =>
      manifest('Pod', `of-${serviceAccountName}`, {
        spec: { serviceAccountName, containers: [{ name: 'web', image }] },
      }),
    ),
    manifest('Pod', 'quiet', { spec: { containers: [{ name: 'web', image }] } }, 'quiet'),
    manifest('Pod', 'added', { spec: { containers: [{ name: 'web', image }] } }, 'added'),
  ]
  const node = [{ pattern: 'registry.example.com', serviceAccountAnnotations: ['example.com/role'] }]
  for (const registries of [{}, { private: ['registry.example.com'] }, { node }] as Parameters<typeof verdicts>[2][]) {
    const direct = await verdicts([...pods, ...cluster], [], registries)
    t.ok(direct.some(({ findings }) => findings.length > 0))
    t.notOk(direct.some(({ name }) => name === 'quiet'))
    t.strictSame(await verdicts(pods, throughSnapshot(cluster), registries), direct)
  }
})

const COPIED = { 'replicator.v1.mittwald.de/replicate-from': 'a/b' }
const GENERATED = { 'kubernetes.io/service-account.name': 'default' }

t.test('a password in the name of a registry is left out, whoever wrote it there', async t => {
  const registries = [{ registry: 'https://jane:hunter2@ghcr.io/acme?x=hunter2', usable: true, expires: 'soon' }]
  const [known] = fromSnapshot({
    ...{ takenAt: '', cluster: '' },
    namespaces: [{ name: 'a', labelsUnknown: true, secrets: [{ name: 's', type: 't', registries }] }],
  })
  t.strictSame(known, {
    ...{ name: 'a', namespace: undefined, hasAllSecrets: true, accounts: undefined },
    secrets: [
      {
        type: 't',
        reading: {
          ...{ kind: 'pullSecret', name: 's', generated: false },
          entries: [{ key: 'https://ghcr.io/acme', usable: true }],
        },
      },
    ],
  })
})
