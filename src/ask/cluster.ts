import { DOCKER_CFG, DOCKER_CONFIG_JSON } from '../cluster/resources.ts'
import { readFailure, sendInTime } from '../kube/api-error.ts'
import { Finder } from '../kube/finder.ts'
import type { KubeConfig } from '../kube/kubeconfig/credentials.ts'
import { loadKubeConfig } from '../kube/kubeconfig/load.ts'
import { isObjectName } from '../kube/object-name.ts'
import { type JsonSource, type ListOptions, Pager } from '../kube/pager.ts'
import { PatientSource } from '../kube/patient-source.ts'
import { Transport } from '../kube/transport.ts'
import { getString } from '../kube/untyped.ts'
import { readVersion } from '../package.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import { CommandError } from '../runtime/command-error.ts'
import { Terminal } from '../runtime/terminal.ts'
import { AskError, type Question } from './ask-error.ts'
import type { AskFlags } from './ask-flags.ts'
import { NAMESPACES_PATH, pathOf, RESOURCES, type Resource } from './resources.ts'

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

/** One namespace after another of a cluster. */
export interface ScannedCluster extends AskedCluster {
  /** What the kubeconfig calls the cluster; undefined where nothing says it. */
  readonly clusterName: string | undefined
  /** The same cluster, over the same connections, in another namespace. */
  within(namespace: string): ScannedCluster
  /** All Namespaces, or the one of this name. @throws {AskError} */
  listNamespaces(name?: string): AsyncGenerator<unknown, void>
  /** Name and type of the Secrets that are not pull secrets, of which no byte of the contents is received. @throws {AskError} */
  listOtherSecrets(): AsyncGenerator<unknown, void>
}

interface OpenOptions {
  /** Whether to wait, for as long as it asks for, where the API server has too much to do. */
  readonly isPatient?: boolean
}

/**
 * Opens the cluster that the flags name, or that kubectl would take.
 *
 * @throws {CommandError} if there is no kubeconfig, or it is wrong
 */
export function openAskedCluster(
  flags: AskFlags,
  { stderr }: { readonly stderr: NodeJS.WritableStream },
  { isPatient = false }: OpenOptions = {},
): ScannedCluster {
  const { kubeconfig, context, requestTimeout } = flags
  const loaded = loadKubeConfig({ ...(kubeconfig && { file: kubeconfig }), ...(context && { context }) })
  if (!loaded.ok) throw new CommandError(loaded.fault.replace(/\.$/, ''))
  const namespace = flags.namespace || loaded.namespace
  if (!isObjectName(namespace)) throw new CommandError(`"${namespace}" cannot be the name of a namespace`)
  const err = new Terminal(stderr)
  if (loaded.insecure !== undefined) err.write(err.line`regcred: ${loaded.insecure}`)
  return new ApiServerCluster(link(loaded.kubeConfig, requestTimeout, isPatient), namespace, loaded.clusterName)
}

/** Nobody is told that a role has no `get`: the answer comes of a list all the same. */
const ignore = () => undefined
const SILENT = { info: ignore, warn: ignore, error: ignore }

/** What all namespaces of a cluster are asked over. */
interface Link {
  readonly server: string
  /** Milliseconds of a request. */
  readonly timeout: number
  readonly clock: Clock
  readonly transport: Transport
  readonly source: JsonSource
  readonly finder: Finder
}

function link(kubeConfig: KubeConfig, timeout: number, isPatient: boolean, clock: Clock = systemClock): Link {
  const transport = new Transport({ kubeConfig, userAgent: `regcred/${readVersion()}`, clock })
  // Each request has its time, those of a pager and of a finder too.
  const inTime: JsonSource = {
    getJson: (path, query, options) =>
      sendInTime(clock, timeout, options.signal, signal => transport.getJson(path, query, { ...options, signal })),
  }
  const source = isPatient ? new PatientSource(inTime, clock) : inTime
  const finder = new Finder({ source, clock, log: SILENT })
  return { server: kubeConfig.server, timeout, clock, transport, source, finder }
}

class ApiServerCluster implements ScannedCluster {
  readonly namespace: string
  readonly clusterName: string | undefined
  readonly #link: Link
  readonly #signal = new AbortController().signal

  constructor(link: Link, namespace: string, clusterName: string | undefined) {
    this.namespace = namespace
    this.clusterName = clusterName
    this.#link = link
  }

  within(namespace: string): ScannedCluster {
    return new ApiServerCluster(this.#link, namespace, this.clusterName)
  }

  async *listNamespaces(name?: string): AsyncGenerator<unknown, void> {
    const query = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }
    yield* this.#pages(NAMESPACES_PATH, query, undefined, 'namespaces')
  }

  async *listOtherSecrets(): AsyncGenerator<unknown, void> {
    const fieldSelector = [DOCKER_CONFIG_JSON, DOCKER_CFG].map(one => one.replace('=', '!=')).join(',')
    yield* this.#list(RESOURCES.Secret, { fieldSelector }, 'secretTable')
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
    await this.#link.transport.close()
  }

  async #find(resource: Resource, name: string, as: 'secretTable' | undefined): Promise<unknown> {
    if (!isObjectName(name)) return undefined
    const options = { signal: this.#signal, as }
    try {
      const found = await this.#link.finder.find(pathOf(resource, this.namespace), name, object => object, options)
      return found?.value
    } catch (error) {
      throw this.#tell(error, 'get', resource.name)
    }
  }

  async *#list(resource: Resource, selection: Selection, as: ListOptions['as']): AsyncGenerator<unknown, void> {
    yield* this.#pages(pathOf(resource, this.namespace), { ...selection }, as, resource.name)
  }

  async *#pages(
    path: string,
    query: Readonly<Record<string, string>>,
    as: ListOptions['as'],
    resource: string,
  ): AsyncGenerator<unknown, void> {
    const pager = new Pager(this.#link.source, this.#link.clock)
    try {
      for await (const { items } of pager.list(path, query, { signal: this.#signal, as })) yield* items
    } catch (error) {
      throw this.#tell(error, 'list', resource)
    }
  }

  #tell(error: unknown, verb: Question['verb'], resource: string): AskError {
    const { namespace } = this
    const { server, timeout } = this.#link
    return new AskError(readFailure(error, this.#signal), { server, verb, resource, namespace, timeout })
  }
}
