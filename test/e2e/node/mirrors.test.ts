import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, dockerConfig, namespace, pod } from '../control-plane/objects.ts'
import { storedReferences } from '../regcred/observe.ts'
import { startRegcred } from '../regcred/regcred.ts'
import { withNode } from './node.ts'
import { waitForPod } from './watch-pods.ts'

// What docs/mirrors.md says. The nodes log in to a mirror; the host itself is out of their reach, as it is without internet.
const MIRROR = { name: 'node', password: 'p' }
const text = `${MIRROR.name}:${MIRROR.password}`
const origin = 'http://127.0.0.1:1'
const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
const MIRRORS = [
  { host: 'by-config.example.com', origin, credentials: { in: 'config.toml', text } },
  { host: 'by-header.example.com', origin, credentials: { in: 'hosts.toml', text } },
] as const

const { controlPlane, node } = await withNode(t, { users: [MIRROR], mirrors: MIRRORS })
const { kubectl } = controlPlane
/** The team's own account at the host itself, which the mirror has never heard of. */
const own = { auth: Buffer.from('team:p').toString('base64') }

/** Makes a namespace with a pull secret for each host. */
async function enter(name: string): Promise<void> {
  const secrets = MIRRORS.map(({ host }) => dockerConfig(name, host.replaceAll('.', '-'), { auths: { [host]: own } }))
  outputOf(await apply(kubectl, namespace(name), ...secrets))
}

/** The Pod of this host, with its Secret or without. What another Pod has pulled is no help: the tag is its own. */
const podOf = (there: string, host: string, ...references: string[]) =>
  pod(there, host.replaceAll('.', '-'), { images: [`${host}/acme/web:${there}`], references })

t.test('without a Secret of its own a Pod pulls from a mirror to which the node logs in', async t => {
  await enter('bare')
  for (const { host } of MIRRORS) {
    outputOf(await apply(kubectl, podOf('bare', host)))
    await waitForPod(kubectl, 'bare', host.replaceAll('.', '-'), 'Running')
  }
  t.ok(node.registry.front.pulls.some(({ user, status }) => user === MIRROR.name && status === 200))
})

t.test('what follows from the files of containerd is the host whose pull would break, and not the other', async t => {
  const files = [join(node.folder, 'containerd.toml'), join(node.folder, 'hosts')]
  const { stdout } = await promisify(execFile)(process.execPath, [
    CLI,
    'config',
    '--node-files',
    ...files,
    '-o',
    'json',
  ])
  const { entries, remarks }: Printed = JSON.parse(stdout)
  const hosts = entries.map(({ entry }) => entry)
  t.ok(hosts.includes('by-config.example.com'))
  t.notOk(hosts.includes('by-header.example.com'))
  t.ok(remarks.some(remark => remark.includes('list by-header.example.com under registries.node if')))
  t.notMatch(stdout, Buffer.from(text).toString('base64'))
})

interface Printed {
  readonly entries: readonly { readonly entry: string }[]
  readonly remarks: readonly string[]
}

const outcomes = { 'by-config.example.com': 'ImagePullBackOff', 'by-header.example.com': 'Running' } as const

for (const [host, outcome] of Object.entries(outcomes)) {
  t.test(`${host}: with a Secret for the host the Pod is ${outcome}`, async t => {
    const there = host.replaceAll('.', '-')
    await enter(there)
    outputOf(await apply(kubectl, podOf(there, host, there)))
    await waitForPod(kubectl, there, there, outcome)
    const own = node.registry.front.pulls.filter(({ tag }) => tag === there)
    const users = new Set(own.map(({ user }) => user))
    t.equal(users.has('team'), outcome !== 'Running', 'whether the mirror is told who the team is')
    t.equal(users.has(MIRROR.name), outcome === 'Running', 'whether it is told who the node is')
  })
}

const configurations = [
  { name: 'by-default', config: {}, references: ['by-config-example-com'], outcome: 'ImagePullBackOff' },
  {
    name: 'listed',
    config: { registries: { node: ['by-config.example.com'] } },
    references: undefined,
    outcome: 'Running',
  },
] as const

for (const { name, config, references, outcome } of configurations) {
  t.test(`regcred, with the mirrored host ${name}: a Pod that names no Secret is ${outcome}`, async t => {
    const regcred = await startRegcred(controlPlane, { mode: 'warn', config, name })
    t.teardown(() => regcred.stop())
    await enter(name)
    outputOf(await apply(kubectl, podOf(name, 'by-config.example.com')))
    t.strictSame(await storedReferences(kubectl, name, 'by-config-example-com'), references)
    await waitForPod(kubectl, name, 'by-config-example-com', outcome)
  })
}
