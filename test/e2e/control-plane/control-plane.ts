import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Authority, createAuthority, createSigningKey } from '../../tls/pki.ts'
import { type Assets, findAssets } from '../build/assets.ts'
import { connect } from './api.ts'
import { type AuditEvent, type AuditFilter, readAuditEvents } from './audit.ts'
import { type Component, startComponent } from './component.ts'
import {
  API_SERVICE,
  admissionConfiguration,
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  type Files,
  listFiles,
  type Ports,
} from './components.ts'
import { makeTemporaryFolder, type TemporaryFolder } from './folder.ts'
import { writeKubeconfig, writeWebhookKubeconfig } from './kubeconfig.ts'
import { createKubectl, type Kubectl } from './kubectl.ts'
import { createPortFinder } from './ports.ts'

/** A cluster without nodes: Pods are admitted and stored, Deployments turn into Pods, and nothing runs. */
export interface ControlPlane {
  /** Everything the cluster writes. */
  readonly folder: string
  readonly assets: Assets
  /** `https://127.0.0.1:PORT`, the same after a restart. */
  readonly server: string
  /** A kubeconfig of a cluster administrator. */
  readonly kubeconfig: string
  /** Runs kubectl as that administrator, or as whom the options say. */
  readonly kubectl: Kubectl
  /** Who has signed the API server's certificate, as a file. */
  readonly authorityFile: string
  /** Writes a kubeconfig for this user, and returns its path. */
  addUser(name: string, groups?: readonly string[]): Promise<string>
  /** The events that match, once there are at least so many (1 if not given), in the order of the audit log. */
  auditEvents(filter: AuditFilter, atLeast?: number): Promise<AuditEvent[]>
  /** Ends kube-apiserver as a roll-out does: asked to, and killed after so many milliseconds (ten seconds if not given). */
  stopApiServer(grace?: number): Promise<void>
  /** Starts it again, at the same port and with the same data, and waits until it is ready. */
  startApiServer(): Promise<void>
  /** Of kube-apiserver, as long as it runs. */
  apiServerPid(): number
  /** Ends every process of the cluster and removes its folder, unless that was given or is to be kept. */
  stop(): Promise<void>
}

export interface ControlPlaneOptions {
  readonly assets?: Assets
  /** Where nodes and Pods reach the API server. Without it 127.0.0.1 alone does, and no node can be added. */
  readonly address?: string
  /** An empty folder to use, which then stays. Otherwise a temporary one is made. */
  readonly folder?: string
  /** Whether to leave the temporary folder, with all logs. */
  readonly keep?: boolean
  /** Told where the folder was left. */
  readonly log?: (line: string) => void
  /** Gives up the start. */
  readonly signal?: AbortSignal
}

/** The common name of the certificate that kube-apiserver shows to webhooks; the cluster's own authority has signed it. */
const WEBHOOK_CLIENT = 'kube-apiserver-webhooks'
const AUDIT_POLICY = fileURLToPath(new URL('audit-policy.yaml', import.meta.url))
/** Milliseconds that kube-apiserver has to end when it is asked to. */
const GRACE = 10_000
const DEFAULT_SERVICE_ACCOUNT = '/api/v1/namespaces/default/serviceaccounts/default'

/**
 * Starts etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1, and waits until Pods can be made in
 * the namespace default. No process outlives this one.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { keep = Boolean(process.env['REGCRED_KEEP']), log = console.error, signal } = options
  const assets = options.assets ?? (await findAssets())
  const findPort = createPortFinder()
  const ports = {
    etcd: await findPort(),
    etcdPeer: await findPort(),
    apiServer: await findPort(),
    controllerManager: await findPort(),
  }
  const authority = await createAuthority('regcred test cluster')
  const folder = options.folder === undefined ? await makeTemporaryFolder(keep, log) : leave(options.folder)
  const cluster = new Cluster(assets, folder, ports, authority, options.address)
  try {
    await cluster.start(signal)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

function leave(path: string): TemporaryFolder {
  return { path, remove: async () => {} }
}

class Cluster implements ControlPlane {
  readonly assets: Assets
  readonly folder: string
  readonly server: string
  readonly kubeconfig: string
  readonly authorityFile: string
  readonly kubectl: Kubectl
  readonly #temporary: TemporaryFolder
  readonly #ports: Ports
  readonly #authority: Authority
  readonly #address: string | undefined
  readonly #files: Files
  /** In the order in which they were started. */
  readonly #components: Component[] = []
  #apiServer: Component | undefined

  constructor(
    assets: Assets,
    folder: TemporaryFolder,
    ports: Ports,
    authority: Authority,
    address: string | undefined,
  ) {
    this.assets = assets
    this.folder = folder.path
    this.#temporary = folder
    this.#ports = ports
    this.#authority = authority
    this.#address = address
    this.#files = listFiles(folder.path)
    this.server = `https://127.0.0.1:${ports.apiServer}`
    this.kubeconfig = this.#files.adminKubeconfig
    this.authorityFile = this.#files.authority
    this.kubectl = createKubectl(assets.kubectl, this.folder, this.kubeconfig)
  }

  async start(signal: AbortSignal | undefined): Promise<void> {
    const files = this.#files
    const addresses = this.#address === undefined ? [] : [API_SERVICE, this.#address]
    const names = ['localhost', 'kubernetes.default.svc', ...addresses]
    const serverCredential = await this.#authority.issueServer(names)
    const kubeletClient = await this.#authority.issueClient('kube-apiserver', ['system:masters'])
    await writeFile(files.authority, this.#authority.certificate)
    await writeFile(files.serverCertificate, serverCredential.certificate)
    await writeFile(files.serverKey, serverCredential.key, { mode: 0o600 })
    await writeFile(files.kubeletClientCertificate, kubeletClient.certificate)
    await writeFile(files.kubeletClientKey, kubeletClient.key, { mode: 0o600 })
    await writeFile(files.signingKey, createSigningKey(), { mode: 0o600 })
    await this.#writeKubeconfig(files.controllerManagerKubeconfig, 'system:kube-controller-manager', [])
    await this.#writeKubeconfig(files.adminKubeconfig, 'admin', ['system:masters'])
    await writeWebhookKubeconfig(files.webhookKubeconfig, await this.#authority.issueClient(WEBHOOK_CLIENT))
    await writeFile(files.admission, JSON.stringify(admissionConfiguration(files)))

    this.#run(this.assets.etcd, etcdFlags(this.folder, this.#ports))
    await this.startApiServer(signal)
    const flags = controllerManagerFlags(this.folder, files, this.#ports)
    const controllerManager = this.#run(this.assets.kubeControllerManager, flags)
    await this.#waitFor(controllerManager, DEFAULT_SERVICE_ACCOUNT, signal)
  }

  async startApiServer(signal?: AbortSignal): Promise<void> {
    if (this.#apiServer?.hasExited() === false) return
    const flags = apiServerFlags(this.folder, this.#files, this.#ports, AUDIT_POLICY, this.#address)
    this.#apiServer = this.#run(this.assets.kubeApiServer, flags)
    await this.#waitFor(this.#apiServer, '/readyz', signal)
  }

  apiServerPid(): number {
    return this.#apiServer?.pid ?? Number.NaN
  }

  async stopApiServer(grace: number = GRACE): Promise<void> {
    await this.#apiServer?.stop(grace)
  }

  async stop(): Promise<void> {
    await Promise.all(this.#components.map(component => component.stop(0)))
    await this.#temporary.remove()
  }

  auditEvents(filter: AuditFilter, atLeast = 1): Promise<AuditEvent[]> {
    return readAuditEvents(this.#files.auditLog, filter, atLeast)
  }

  async addUser(name: string, groups: readonly string[] = []): Promise<string> {
    const path = join(this.folder, `user-${name.replaceAll(':', '-')}.kubeconfig`)
    await this.#writeKubeconfig(path, name, groups)
    return path
  }

  #run(binary: string, flags: readonly string[]): Component {
    const component = startComponent(binary, flags, join(this.folder, `${basename(binary)}.log`))
    this.#components.push(component)
    return component
  }

  /** Waits until the API server answers 200 for this path, while the component that makes it so is running. */
  async #waitFor(component: Component, path: string, signal: AbortSignal | undefined): Promise<void> {
    const { certificate: cert, key } = await this.#authority.issueClient('admin', ['system:masters'])
    const { ask, close } = connect(this.server, { ca: this.#authority.certificate, cert, key })
    try {
      const isThere = async () => ((await ask(path)) === 200 ? true : undefined)
      await component.waitUntil(`${component.name} makes ${path} answer`, isThere, { timeout: 60_000, signal })
    } finally {
      await close()
    }
  }

  async #writeKubeconfig(path: string, user: string, groups: readonly string[]): Promise<void> {
    const credential = await this.#authority.issueClient(user, groups)
    await writeKubeconfig(path, { server: this.server, authority: this.#authority.certificate, credential })
  }
}
