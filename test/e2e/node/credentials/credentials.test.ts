import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { outputOf } from '../../control-plane/kubectl.ts'
import {
  apply,
  dockerConfig,
  fileOf,
  type Manifest,
  namespace,
  pod,
  serviceAccount,
} from '../../control-plane/objects.ts'
import { writeImageArchive } from '../image-archive.ts'
import { withNode } from '../node.ts'
import { JANE } from '../registry.ts'
import { waitForPod } from '../watch-pods.ts'
import { type CredentialProvider, providerConfigFile, tokenRights } from './credential-provider.ts'

// What docs/mirrors.md and docs/faq.md say of what a node knows: its credential providers, and the images that it holds.
const NODE = { name: 'node', password: 'p' }
const ROLE = 'example.com/role'
const PROVIDERS: readonly CredentialProvider[] = [
  { name: 'plain', matchImages: ['plain.example.com'], user: NODE },
  { name: 'annotated', matchImages: ['annotated.example.com'], user: NODE, annotations: [ROLE] },
]
const CLI = fileURLToPath(new URL('../../../../src/cli.ts', import.meta.url))
const { controlPlane, node } = await withNode(t, { users: [JANE, NODE], providers: PROVIDERS })
const { kubectl } = controlPlane
const config = join(controlPlane.folder, 'regcred.yaml')
outputOf(await apply(kubectl, ...tokenRights))

async function regcred(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args]).catch(error => {
    if (error.code === 1) return error
    throw error
  })
  return stdout
}

/** Makes a namespace with these objects. */
async function enter(name: string, ...objects: readonly Manifest[]): Promise<void> {
  outputOf(await apply(kubectl, namespace(name), ...objects))
}

/** The findings of `regcred check` on these objects with the configuration that follows from the node's own files. */
async function findingsOf(...objects: readonly Manifest[]): Promise<string[]> {
  const file = join(controlPlane.folder, 'objects.json')
  await writeFile(file, fileOf(...objects))
  const checked = JSON.parse(await regcred('check', '--config', config, '-o', 'json', file))
  return checked.objects.flatMap(({ findings }: { findings: { code: string; effect: string }[] }) =>
    findings.map(({ code, effect }) => `${code} ${effect}`),
  )
}

/** Whom the node named to the registry for images of this tag, each time another. */
function usersOf(tag: string): (string | undefined)[] {
  const users = node.registry.front.pulls.filter(pull => pull.tag === tag).map(({ user }) => user)
  return users.filter((user, i) => user !== users[i - 1])
}

t.test('what follows from the file of the kubelet is a configuration', async t => {
  const printed = await regcred('config', '--node-files', providerConfigFile(node.folder))
  await writeFile(config, printed)
  t.match(printed, '- plain.example.com\n')
  t.match(printed, `- pattern: annotated.example.com\n      serviceAccountAnnotations:\n        - ${ROLE}\n`)
})

t.test('where a provider of the node serves it, a Pod needs no pull secret', async t => {
  const web = pod('plain', 'web', { images: ['plain.example.com/acme/web:plain'] })
  await enter('plain')
  outputOf(await apply(kubectl, web))
  await waitForPod(kubectl, 'plain', 'web', 'Running')
  t.equal(usersOf('plain').at(-1), NODE.name)
  t.strictSame(await findingsOf(serviceAccount('plain', 'default', []), web), [])
})

const accounts = [
  { name: 'with', annotations: { [ROLE]: '' }, outcome: 'Running', findings: [] },
  {
    name: 'without',
    annotations: { 'example.com/other': 'x' },
    outcome: 'ImagePullBackOff',
    findings: ['ImageNotCovered blocks'],
  },
]

for (const { name, annotations, outcome, findings } of accounts) {
  t.test(`where it requires an annotation, a Pod of a ServiceAccount ${name} it is ${outcome}`, async t => {
    const account = serviceAccount(name, 'builder', [], annotations)
    const images = [`annotated.example.com/acme/web:${name}`]
    const web = pod(name, 'web', { images, spec: { serviceAccountName: 'builder' } })
    await enter(name, account)
    outputOf(await apply(kubectl, web))
    await waitForPod(kubectl, name, 'web', outcome)
    t.equal(usersOf(name).includes(NODE.name), outcome === 'Running')
    t.strictSame(await findingsOf(account, web), findings)
  })
}

t.test('a pull secret that the registry refuses is tried first, and then what the provider has', async t => {
  const expired = `e30.${Buffer.from(JSON.stringify({ exp: 1 })).toString('base64url')}.c2ln`
  const secret = dockerConfig('expired', 'own', {
    auths: { 'plain.example.com': { username: 'team', password: expired } },
  })
  const web = pod('expired', 'web', { images: ['plain.example.com/acme/web:expired'], references: ['own'] })
  await enter('expired', secret)
  outputOf(await apply(kubectl, web))
  await waitForPod(kubectl, 'expired', 'web', 'Running')
  const users = usersOf('expired').filter(user => user !== undefined)
  t.strictSame(
    users.filter((user, i) => user !== users[i - 1]),
    ['team', NODE.name],
  )
  t.strictSame(await findingsOf(serviceAccount('expired', 'default', []), secret, web), ['CredentialsExpired degrades'])
})

const janes = (there: string) =>
  dockerConfig(there, 'own', { auths: { 'ours.example.com': { username: JANE.name, password: JANE.password } } })
const withPolicy =
  (policy: string) =>
  (there: string, name: string, image: string, ...references: string[]) =>
    pod(there, name, { references, spec: { containers: [{ name: 'c0', image, imagePullPolicy: policy }] } })
const never = withPolicy('Never')
const ifNotPresent = withPolicy('IfNotPresent')

t.test('an image that is there because of the pull secret of another Pod is no help without one', async t => {
  const image = 'ours.example.com/acme/web:shared'
  await enter('shared', janes('shared'))
  outputOf(await apply(kubectl, ifNotPresent('shared', 'first', image, 'own')))
  await waitForPod(kubectl, 'shared', 'first', 'Running')
  await enter('copy', janes('copy'))
  const pods = [
    { of: ifNotPresent('shared', 'if-not-present', image), outcome: 'ImagePullBackOff' },
    { of: never('shared', 'never', image), outcome: 'ErrImageNeverPull' },
    { of: never('shared', 'never-with', image, 'own'), outcome: 'Running' },
    { of: never('copy', 'never-with-a-copy', image, 'own'), outcome: 'Running' },
  ]
  outputOf(await apply(kubectl, ...pods.map(({ of }) => of)))
  for (const { of, outcome } of pods) {
    await waitForPod(kubectl, String(of.metadata['namespace']), String(of.metadata['name']), outcome)
    t.pass(`${of.metadata['name']} is ${outcome}`)
  }
})

t.test('an image that the node pulled with credentials of its own is for all Pods', async () => {
  await enter('nodes')
  outputOf(await apply(kubectl, ifNotPresent('nodes', 'first', 'plain.example.com/acme/web:nodes')))
  await waitForPod(kubectl, 'nodes', 'first', 'Running')
  const image = 'plain.example.com/acme/web:nodes'
  outputOf(await apply(kubectl, never('nodes', 'never', image), ifNotPresent('nodes', 'if-not-present', image)))
  for (const name of ['never', 'if-not-present']) await waitForPod(kubectl, 'nodes', name, 'Running')
})

t.test('an image that was put on the node is for all Pods', async () => {
  const image = 'preloaded.example.com/acme/web:1'
  const root = join(node.folder, 'wait')
  const own = { Entrypoint: ['/wait'], Env: ['PRELOADED=1'] }
  await node.containerd.importImage(await writeImageArchive(node.folder, { name: image, root, config: own }))
  await enter('preloaded')
  outputOf(await apply(kubectl, never('preloaded', 'never', image), ifNotPresent('preloaded', 'if-not-present', image)))
  for (const name of ['never', 'if-not-present']) await waitForPod(kubectl, 'preloaded', name, 'Running')
})
