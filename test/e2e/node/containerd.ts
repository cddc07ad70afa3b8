import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Component, startComponent } from '../control-plane/component.ts'
import { makeWaitRoot, writeImageArchive } from './image-archive.ts'

/** The sandbox of every Pod. */
const SANDBOX = 'regcred.test/sandbox:1'
/** Where containerd keeps the images that the kubelet sees. */
const NAMESPACE = 'k8s.io'
export const SOCKET = '/run/containerd/containerd.sock'

/** A container runtime with what it needs for Pods. */
export interface Containerd {
  readonly component: Component
  /** Runs `ctr`, and returns what it printed. */
  ctr(...args: readonly string[]): Promise<string>
  /** Puts an image on the node, as an archive has it. */
  importImage(archive: string): Promise<void>
}

/** How the node pulls from a host: as its administrator has it in `certs.d/HOST/hosts.toml`. */
export interface Mirror {
  readonly host: string
  /** `http://ADDRESS:PORT` of the host itself, asked where the mirror fails. */
  readonly origin: string
  /** Where the credentials of the node for the mirror stand, `USER:PASSWORD`. */
  readonly credentials: { readonly in: 'config.toml' | 'hosts.toml'; readonly text: string }
}

/**
 * Starts containerd, all of whose registries are one server.
 *
 * @param registry `http://127.0.0.1:PORT`, which is every mirror as well
 */
export async function startContainerd(
  folder: string,
  registry: string,
  mirrors: readonly Mirror[] = [],
): Promise<Containerd> {
  const files = { config: join(folder, 'containerd.toml'), cni: join(folder, 'cni'), hosts: join(folder, 'hosts') }
  await mkdir(files.cni)
  await mkdir(join(files.hosts, '_default'), { recursive: true })
  await writeFile(join(files.cni, '10-pods.conflist'), JSON.stringify(NETWORK))
  await writeFile(join(files.hosts, '_default/hosts.toml'), `server = "${registry}"\n[host."${registry}"]\n`)
  for (const mirror of mirrors) await writeMirror(files.hosts, registry, mirror)
  await writeFile(
    files.config,
    configure(files.cni, files.hosts) + mirrors.map(one => credentialsOf(registry, one)).join(''),
  )
  const component = startComponent('containerd', [`--config=${files.config}`], join(folder, 'containerd.log'))
  const ctr = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)('ctr', ['--address', SOCKET, ...args], { maxBuffer: 1e7 })
    return stdout
  }
  try {
    await component.waitUntil('containerd answers', () => ctr('version').catch(() => undefined))
    const importImage = async (archive: string) =>
      void (await ctr('--namespace', NAMESPACE, 'images', 'import', archive))
    const root = await makeWaitRoot(folder)
    await importImage(await writeImageArchive(folder, { name: SANDBOX, root, config: { Entrypoint: ['/wait'] } }))
    return { component, ctr, importImage }
  } catch (error) {
    await component.stop(0)
    throw error
  }
}

/** The addresses of Pods. Documentation addresses; they need no masquerade, as nothing leaves the node. */
export const POD_NETWORK = '198.51.100.0/24'

const NETWORK = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'pods',
      isGateway: true,
      ipMasq: false,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: POD_NETWORK }]],
        routes: [{ dst: '0.0.0.0/0' }],
        dataDir: '/run/cni',
      },
    },
  ],
}

/** Its folders are the default ones, which are the node's own here. It may have to do without CAP_SYS_RESOURCE. */
function configure(cni: string, hosts: string): string {
  return `version = 2
[grpc]
  address = "${SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${SANDBOX}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${cni}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${hosts}"
`
}

async function writeMirror(hosts: string, registry: string, { host, origin, credentials }: Mirror): Promise<void> {
  const folder = join(hosts, host)
  await mkdir(folder)
  const header =
    credentials.in === 'hosts.toml'
      ? `[host."${registry}".header]\nauthorization = "Basic ${Buffer.from(credentials.text).toString('base64')}"\n`
      : ''
  await writeFile(join(folder, 'hosts.toml'), `server = "${origin}"\n[host."${registry}"]\n${header}`)
}

/** They are by the address of the mirror: one of all mirrors is enough, and two would be a fault. */
function credentialsOf(registry: string, { credentials }: Mirror): string {
  if (credentials.in === 'hosts.toml') return ''
  const [username, password] = credentials.text.split(':')
  return `[plugins."io.containerd.grpc.v1.cri".registry.configs."${new URL(registry).host}".auth]
  username = "${username}"
  password = "${password}"
`
}
