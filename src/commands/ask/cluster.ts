import { DOCKER_CFG, DOCKER_CONFIG_JSON } from '../../cluster/resources.ts'
import { readFailure, sendInTime } from '../../kube/api-error.ts'
import { Finder } from '../../kube/finder.ts'
import type { KubeConfig } from '../../kube/kubeconfig/credentials.ts'
import { loadKubeConfig } from '../../kube/kubeconfig/load.ts'
import { isObjectName } from '../../kube/object-name.ts'
import { type JsonSource, Pager } from '../../kube/pager.ts'
import { Transport } from '../../kube/transport.ts'
import { getString } from '../../kube/untyped.ts'
import { readVersion } from '../../package.ts'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { CommandError } from '../command-error.ts'
import type { Streams } from '../streams.ts'
import { AskError, type Question } from './ask-error.ts'
import type { AskFlags } from './flags.ts'
import { pathOf, RESOURCES, type Resource } from './resources.ts'

/** What of a list is wanted. */
interface Selection {
  /** E.g. `type=kubernetes.io/dockerconfigjson`, `involvedObject.name=web`. */
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

/** One namespace of a cluster, for a command that asks it once and ends. Nothing is watched, and nothing is kept. */
export interface AskedCluster {
  readonly namespace: string
  /**
   * @returns the object as the API sends it; undefined where there is none of this name
   * @throws {AskError}
   */
  find(resource: Resource, name: string): Promise<unknown>
  /**
   * The objects of a list one after another, page by page, so that no more than a page is held.
   *
   * @throws {AskError}
   */
  list(resource: Resource, selection?: Selection): AsyncGenerator<unknown, void>
  /** The type of a Secret, of which no byte of the contents is received; undefined where there is none of this name. @throws {AskError} */
  findSecretType(name: string): Promise<string | undefined>
  /** The names of the objects of a list; of which nothing but their metadata is received. @throws {AskError} */
  listNames(resource: Resource): AsyncGenerator<string, void>
  /** The pull secrets of the namespace, by their types: no other Secret is asked for. @throws {AskError} */
  listPullSecrets(): AsyncGenerator<unknown, void>
  close(): Promise<void>
}

/**
 * Opens the cluster that the flags name, or that kubectl would take.
 *
 * @throws {CommandError} if there is no kubeconfig, or it is wrong
 */
export function openAskedCluster(flags: AskFlags, { stderr }: Pick<Streams, 'stderr'>): AskedCluster {
  const { kubeconfig, context, requestTimeout } = flags
  const loaded = loadKubeConfig({ ...(kubeconfig && { file: kubeconfig }), ...(context && { context }) })
  if (!loaded.ok) throw new CommandError(loaded.fault.replace(/\.$/, ''))
  const namespace = flags.namespace || loaded.namespace
  if (!isObjectName(namespace)) throw new CommandError(`"${namespace}" cannot be the name of a namespace`)
  const err = new Terminal(stderr)
  if (loaded.insecure !== undefined) err.write(err.line`regcred: ${loaded.insecure}`)
  return new ApiServerCluster(loaded.kubeConfig, namespace, requestTimeout)
}

/** Nobody is told that a role has no `get`: the answer comes of a list all the same. */
const ignore = () => undefined
const SILENT = { info: ignore, warn: ignore, error: ignore }

class ApiServerCluster implements AskedCluster {
  readonly namespace: string
  readonly #server: string
  readonly #timeout: number
  readonly #clock: Clock
  readonly #transport: Transport
  readonly #source: JsonSource
  readonly #finder: Finder
  readonly #signal = new AbortController().signal

  constructor(kubeConfig: KubeConfig, namespace: string, timeout: number, clock: Clock = systemClock) {
    this.namespace = namespace
    this.#server = kubeConfig.server
    this.#timeout = timeout
    this.#clock = clock
    const transport = new Transport({ kubeConfig, userAgent: `regcred/${readVersion()}`, clock })
    this.#transport = transport
    // Each request has its time, those of a pager and of a finder too.
    this.#source = {
      getJson: (path, query, options) =>
        sendInTime(clock, timeout, options.signal, signal => transport.getJson(path, query, { ...options, signal })),
    }
    this.#finder = new Finder({ source: this.#source, clock, log: SILENT })
  }

  async find(resource: Resource, name: string): Promise<unknown> {
    return await this.#find(resource, name, undefined)
  }

  async findSecretType(name: string): Promise<string | undefined> {
    return getString(await this.#find(RESOURCES.Secret, name, 'secretTable'), 'type')
  }

  async *list(resource: Resource, selection: Selection = {}): AsyncGenerator<unknown, void> {
    yield* this.#list(resource, selection, undefined)
  }

  async *listNames(resource: Resource): AsyncGenerator<string, void> {
    for await (const object of this.#list(resource, {}, 'metadata')) yield getString(object, 'metadata', 'name') ?? ''
  }

  async *listPullSecrets(): AsyncGenerator<unknown, void> {
    for (const fieldSelector of [DOCKER_CONFIG_JSON, DOCKER_CFG]) yield* this.list(RESOURCES.Secret, { fieldSelector })
  }

  async close(): Promise<void> {
    await this.#transport.close()
  }

  async #find(resource: Resource, name: string, as: 'secretTable' | undefined): Promise<unknown> {
    if (!isObjectName(name)) return undefined
    const options = { signal: this.#signal, as }
    try {
      const found = await this.#finder.find(pathOf(resource, this.namespace), name, object => object, options)
      return found?.value
    } catch (error) {
      throw this.#tell(error, 'get', resource)
    }
  }

  async *#list(resource: Resource, selection: Selection, as: 'metadata' | undefined): AsyncGenerator<unknown, void> {
    const pager = new Pager(this.#source, this.#clock)
    const pages = pager.list(pathOf(resource, this.namespace), { ...selection }, { signal: this.#signal, as })
    try {
      for await (const { items } of pages) yield* items
    } catch (error) {
      throw this.#tell(error, 'list', resource)
    }
  }

  #tell(error: unknown, verb: Question['verb'], { name }: Resource): AskError {
    const { namespace } = this
    return new AskError(readFailure(error, this.#signal), {
      server: this.#server,
      verb,
      resource: name,
      namespace,
      timeout: this.#timeout,
    })
  }
}
