import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { issueCertificate } from '../../../src/tls/issue.ts'
import { poll } from '../../processes/poll.ts'
import { startComponent } from '../control-plane/component.ts'
import { base64 } from '../control-plane/kubeconfig.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, fileOf } from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { addAccount, readRelease } from '../regcred/account.ts'
import { findObject, RELEASE } from './helm.ts'

const ROOT = join(import.meta.dirname, '../../..')
const KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const

interface Webhook {
  [field: string]: unknown
  clientConfig: { caBundle?: string; url?: string; service?: { path: string } }
}

/** A webhook configuration, to be changed by who tries what is allowed. */
interface Configuration {
  kind: string
  metadata: Record<string, unknown>
  webhooks: Webhook[]
}

const controlPlane = await withControlPlane(t)
const { kubectl, folder } = controlPlane
const kubeconfig = await addAccount(controlPlane)
const release = await readRelease()
const find = (kind: string, name = RELEASE) => findObject(release, kind, name)
const policy = find('ValidatingAdmissionPolicy', `${RELEASE}-ca-bundle-only`)
const binding = find('ValidatingAdmissionPolicyBinding', `${RELEASE}-ca-bundle-only`)
outputOf(await apply(kubectl, policy, binding, find('Secret', `${RELEASE}-tls`)))
// What kubectl applies it annotates, and changes the annotation when it replaces.
outputOf(await kubectl(['create', '-f', '-'], { input: fileOf(...KINDS.map(kind => find(kind))) }))

const read = async (kind: string): Promise<Configuration> =>
  JSON.parse(outputOf(await kubectl(['get', kind, RELEASE, '--output=json'])))

/** What the API server says when regcred's own token puts the changed configuration in its place; nothing where it is done. */
async function replace(
  kind: string,
  change: (configuration: Configuration) => void,
  ...flags: readonly string[]
): Promise<string> {
  const configuration = await read(kind)
  change(configuration)
  const args = ['replace', '--validate=false', ...flags, '-f', '-']
  const { code, stderr } = await kubectl(args, { kubeconfig, input: JSON.stringify(configuration) })
  return code === 0 ? '' : stderr
}

const anything = { apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], operations: ['*'], scope: '*' }
/** What each change is refused for. */
const attempts: Readonly<Record<string, (webhook: Webhook) => void>> = {
  name: webhook => Object.assign(webhook, { name: 'x.regcred.dev' }),
  'clientConfig.url': webhook => {
    webhook.clientConfig = { url: 'https://192.0.2.1/', ...(webhook.clientConfig.caBundle && webhook.clientConfig) }
    delete webhook.clientConfig.service
  },
  'clientConfig.service': ({ clientConfig }) => Object.assign(clientConfig.service ?? {}, { path: '/elsewhere' }),
  rules: webhook => Object.assign(webhook, { rules: [anything] }),
  namespaceSelector: webhook => Object.assign(webhook, { namespaceSelector: {} }),
  objectSelector: webhook => Object.assign(webhook, { objectSelector: { matchLabels: { a: 'b' } } }),
  matchConditions: webhook => Object.assign(webhook, { matchConditions: [{ name: 'all', expression: 'true' }] }),
  matchPolicy: webhook => Object.assign(webhook, { matchPolicy: 'Exact' }),
  failurePolicy: webhook => Object.assign(webhook, { failurePolicy: 'Fail' }),
  reinvocationPolicy: webhook => Object.assign(webhook, { reinvocationPolicy: 'Never' }),
  sideEffects: webhook => Object.assign(webhook, { sideEffects: 'NoneOnDryRun' }),
  timeoutSeconds: webhook => Object.assign(webhook, { timeoutSeconds: 30 }),
  admissionReviewVersions: webhook => Object.assign(webhook, { admissionReviewVersions: ['v1', 'v1beta1'] }),
}

t.test('the policy is in effect, and the API server finds no fault with it', async t => {
  const [kind] = KINDS
  await poll('the policy denies', async () => {
    const relabel = ({ metadata }: Configuration) => Object.assign(metadata, { labels: {} })
    const said = await replace(kind, relabel, '--dry-run=server')
    return said.includes(policy.metadata['name'] as string) || undefined
  })
  const status = await poll('its expressions have been checked', async () => {
    const found = JSON.parse(
      outputOf(await kubectl(['get', policy.kind, `${RELEASE}-ca-bundle-only`, '--output=json'])),
    )
    return found.status?.typeChecking && found.status
  })
  t.strictSame(status.typeChecking, {})
})

for (const kind of KINDS) {
  for (const [field, change] of Object.entries(attempts)) {
    if (field === 'reinvocationPolicy' && kind !== 'MutatingWebhookConfiguration') continue
    t.test(`our token cannot change ${field} of a ${kind}`, async t => {
      const before = await read(kind)
      t.match(await replace(kind, ({ webhooks }) => change(webhooks[0] as Webhook)), `webhooks[].${field}`)
      t.strictSame(await read(kind), before)
    })
  }

  t.test(`nor take a webhook of a ${kind} away, add one, or change its metadata`, async t => {
    const before = await read(kind)
    const [webhook] = before.webhooks
    t.match(await replace(kind, ({ webhooks }) => webhooks.pop()), 'webhooks[].name')
    t.match(
      await replace(kind, ({ webhooks }) => webhooks.push({ ...webhook, name: 'x.y.z' } as Webhook)),
      'webhooks[].name',
    )
    t.match(await replace(kind, configuration => Object.assign(configuration, { webhooks: [] })), 'webhooks[].name')
    const owner = { apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: 'a' }
    const metadata = { labels: { a: 'b' }, annotations: { a: 'b' }, ownerReferences: [owner], finalizers: ['a.b/c'] }
    for (const [field, value] of Object.entries(metadata)) {
      const said = await replace(kind, configuration => Object.assign(configuration.metadata, { [field]: value }))
      t.match(said, `metadata.${field}`)
    }
    t.strictSame(await read(kind), before)
  })

  t.test(`but caBundle of every webhook of a ${kind}`, async t => {
    const { ca } = await issueCertificate(['a'])
    const caBundle = base64(ca)
    const said = await replace(kind, ({ webhooks }) => {
      for (const { clientConfig } of webhooks) clientConfig.caBundle = caBundle
    })
    t.equal(said, '')
    for (const { clientConfig } of (await read(kind)).webhooks) t.equal(clientConfig.caBundle, caBundle)
  })

  t.test(`the policy knows every field of a webhook of a ${kind}`, async t => {
    const { components } = JSON.parse(
      outputOf(await kubectl(['get', '--raw', '/openapi/v3/apis/admissionregistration.k8s.io/v1'])),
    )
    const fieldsOf = (name: string) =>
      Object.keys(components.schemas[`io.k8s.api.admissionregistration.v1.${name}`].properties)
    const fields = fieldsOf(kind.replace('Configuration', '')).filter(field => field !== 'clientConfig')
    const client = fieldsOf('WebhookClientConfig').filter(field => field !== 'caBundle')
    const all = [...fields, ...client.map(field => `clientConfig.${field}`)]
    t.strictSame(
      all.filter(field => !Object.hasOwn(attempts, field)),
      [],
      'the API server has a new one',
    )
    const { validations } = policy['spec'] as { validations: { message: string }[] }
    t.strictSame(
      Object.keys(attempts).filter(
        field => !validations.some(({ message }) => message.endsWith(`webhooks[].${field}`)),
      ),
      [],
    )
  })
}

t.test('others may still change what they may', async () => {
  for (const kind of KINDS) {
    const patch = '[{"op": "replace", "path": "/webhooks/0/timeoutSeconds", "value": 7}]'
    outputOf(await kubectl(['patch', kind, RELEASE, '--type=json', `--patch=${patch}`]))
  }
})

t.test('regcred itself makes its certificate and publishes its CA', async t => {
  const component = startComponent(
    process.execPath,
    [
      ...[join(ROOT, 'src/cli.ts'), 'serve', `--kubeconfig=${kubeconfig}`, '--bind-address=127.0.0.1'],
      ...['--secure-port=0', '--metrics-port=0', `--tls-self-managed-secret=${RELEASE}-tls`],
      ...[`--tls-self-managed-namespace=${RELEASE}`, '--tls-server-name=localhost', '--tls-self-managed-lifetime=15s'],
      `--webhook-configuration=${RELEASE}`,
    ],
    join(folder, 'policy-regcred.log'),
    { name: 'regcred', cwd: ROOT },
  )
  t.teardown(() => component.stop(0))
  const log = await component.waitUntil('it has rotated', async () => {
    const log = await readFile(component.log, 'utf8')
    return log.includes('"certificate accepted"') ? log : undefined
  })
  t.notMatch(log, /"level":[456]0.*(denied|fails)/)
  for (const kind of KINDS) {
    const [bundle] = (await read(kind)).webhooks.map(({ clientConfig }) => atob(clientConfig.caBundle ?? ''))
    t.ok((bundle?.split('BEGIN CERTIFICATE').length ?? 0) > 2)
  }
})
