import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { type Authority, createAuthority } from '../../tls/pki.ts'
import { connect } from '../control-plane/api.ts'
import { type Component, startComponent } from '../control-plane/component.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { addAccount } from './account.ts'
import { type Registration, registerWebhooks, unregisterWebhooks } from './webhooks.ts'

/** A line of the product's log, as pino writes it. */
type LogLine = Readonly<Record<string, unknown>>

/** The product as a process, in front of a control plane. */
export interface Regcred {
  readonly pid: number
  /** `https://127.0.0.1:PORT` */
  readonly url: string
  /** `http://127.0.0.1:PORT` */
  readonly metricsUrl: string
  /** As PEM: who has signed the server's certificate. */
  readonly authority: string
  /** The configuration file. */
  readonly configFile: string
  /** The file of all that it printed. */
  readonly log: string
  /** What it has logged so far. */
  logs(): Promise<LogLine[]>
  /** Registers its webhooks, in place of those that are registered, and waits until they are in effect. */
  register(overrides?: RegistrationOverrides): Promise<void>
  /** Waits until the API server calls it no more. */
  unregister(): Promise<void>
  signal(name: NodeJS.Signals): void
  /** Asks it to end, and kills it if it does not. Resolves to its exit status, or the signal that ended it. */
  stop(): Promise<number | NodeJS.Signals | null>
}

type RegistrationOverrides = Partial<Registration>

export interface RegcredOptions {
  /** The configuration without `apiVersion` and `kind`, or false for no configuration file. */
  readonly config?: Readonly<Record<string, unknown>> | false
  readonly mode?: 'off' | 'audit' | 'warn' | 'enforce'
  /** How to run it, up to its flags; the sources are run if this is not given. */
  readonly command?: readonly [string, ...string[]]
  /** What its files are named after, where there are several. */
  readonly name?: string
  /** Who signs its certificate; one of its own if this is not given. */
  readonly authority?: Authority
  /** More flags. */
  readonly flags?: readonly string[]
  /** How it is to reach the API server, if not at its own address. */
  readonly server?: string
  /** What of the registration differs, or false for none. */
  readonly registration?: RegistrationOverrides | false
  /** Gives up the start. */
  readonly signal?: AbortSignal
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** Milliseconds that it has to answer what is under way and to end. */
const GRACE = 30_000

/**
 * Starts the product as the chart's ServiceAccount, waits until it is ready, and registers its webhooks. It ends with this
 * process, at the latest.
 */
export async function startRegcred(controlPlane: ControlPlane, options: RegcredOptions = {}): Promise<Regcred> {
  const { config = {}, mode, flags = [], registration = {}, name = 'regcred', signal } = options
  const { folder, kubectl } = controlPlane
  const command = options.command ?? [process.execPath, join(ROOT, 'src/cli.ts'), 'serve']
  const kubeconfig = await addAccount(controlPlane, options.server)
  const authority = options.authority ?? (await createAuthority('regcred test webhook'))
  const credential = await authority.issueServer([])
  const files = {
    config: join(folder, `${name}.yaml`),
    certificate: join(folder, `${name}.crt`),
    key: join(folder, `${name}.key`),
    log: join(folder, `${name}.log`),
  }
  const head = { apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration' }
  await writeFile(files.config, stringify({ ...head, ...config, ...(mode && { mode }) }))
  await writeFile(files.certificate, credential.certificate)
  await writeFile(files.key, credential.key, { mode: 0o600 })
  const component = startComponent(
    command[0],
    [
      ...command.slice(1),
      `--kubeconfig=${kubeconfig}`,
      ...(config === false ? [] : [`--config=${files.config}`]),
      '--bind-address=127.0.0.1',
      '--secure-port=0',
      `--tls-cert-file=${files.certificate}`,
      `--tls-private-key-file=${files.key}`,
      '--metrics-port=0',
      '--log-level=debug',
      ...flags,
    ],
    files.log,
    { name, cwd: ROOT },
  )
  try {
    const { url, metricsUrl } = await waitUntilServing(component, signal)
    await waitUntilReady(component, url, authority.certificate, signal)
    const register = (overrides: RegistrationOverrides = {}) =>
      registerWebhooks(kubectl, { url, authority: authority.certificate, ...overrides })
    if (registration !== false) await register(registration)
    return {
      pid: component.pid,
      url,
      metricsUrl,
      authority: authority.certificate,
      configFile: files.config,
      log: files.log,
      logs: () => readLog(files.log),
      register,
      unregister: () => unregisterWebhooks(kubectl),
      signal: name => component.signal(name),
      stop: () => component.stop(GRACE),
    }
  } catch (error) {
    await component.stop(0)
    throw error
  }
}

/** It says where it listens in a line of its log. */
function waitUntilServing(component: Component, signal: AbortSignal | undefined) {
  const findAddresses = async () => {
    const line = (await readLog(component.log)).find(({ msg }) => msg === 'serving')
    return line && { url: String(line['address']), metricsUrl: String(line['metrics']) }
  }
  return component.waitUntil('regcred says where it listens', findAddresses, { signal })
}

async function waitUntilReady(component: Component, url: string, authority: string, signal: AbortSignal | undefined) {
  const { ask, close } = connect(url, { ca: authority })
  try {
    const isReady = async () => ((await ask('/readyz')) === 200 ? true : undefined)
    await component.waitUntil('regcred is ready', isReady, { signal })
  } finally {
    await close()
  }
}

/** Whatever else it prints (a stack, a warning of Node's) is left out here, and is in the file. */
async function readLog(path: string): Promise<LogLine[]> {
  const text = await readFile(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as LogLine)
}
