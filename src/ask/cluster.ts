import { DOCKER_CFG, DOCKER_CONFIG_JSON } from '../cluster/resources.ts'
import { readFailure, sendInTime } from '../kube/api-error.ts'
import { isObjectName } from '../kube/object-name.ts'
import { type ListOptions, Pager } from '../kube/pager.ts'
import type { DryRun } from '../kube/transport.ts'
import { getString } from '../kube/untyped.ts'
import { AskError, EVERYWHERE, type Question, withoutUser } from './ask-error.ts'
import type { AskFlags } from './ask-flags.ts'
import { type Link, openLink } from './link.ts'
import { allPathOf, NAMESPACES_PATH, pathOf, RESOURCES, type Resource } from './resources.ts'

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
  /** The URL of its API server, without a user. */
  readonly server: string
  /** What the kubeconfig calls the cluster; undefined where nothing says it. */
  readonly clusterName: string | undefined
  /** The same cluster, over the same connections, in another namespace. */
  within(namespace: string): ScannedCluster
  /** All Namespaces, or the one of this name. @throws {AskError} */
  listNamespaces(name?: string): AsyncGenerator<unknown, void>
  /** Name and type of the Secrets that are not pull secrets, of which no byte of the contents is received. @throws {AskError} */
  listOtherSecrets(): AsyncGenerator<unknown, void>
}

/** What stands above the namespaces of a cluster, and what would become of an object in one of them. */
export interface WholeCluster extends ScannedCluster {
  /** The objects of all namespaces, or of a kind that is in none. @throws {AskError} */
  listAll(resource: Resource, selection?: Selection): AsyncGenerator<unknown, void>
  /**
   * Has an object created that is not stored.
   *
   * @returns a sentence of the API server's instead where it refused
   * @throws {AskError} where it did not answer
   */
  createDry(resource: Resource, object: unknown): Promise<DryRun | { readonly refusal: string }>
  within(namespace: string): WholeCluster
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
): WholeCluster {
  const { link, namespace, clusterName } = openLink(flags, stderr, isPatient)
  return new ApiServerCluster(link, namespace, clusterName)
}

class ApiServerCluster implements WholeCluster {
  readonly namespace: string
  readonly clusterName: string | undefined
  readonly #link: Link
  readonly #signal = new AbortController().signal

  constructor(link: Link, namespace: string, clusterName: string | undefined) {
    this.namespace = namespace
    this.clusterName = clusterName
    this.#link = link
  }

  get server(): string {
    return withoutUser(this.#link.server)
  }

  within(namespace: string): WholeCluster {
    return new ApiServerCluster(this.#link, namespace, this.clusterName)
  }

  async *listNamespaces(name?: string): AsyncGenerator<unknown, void> {
    const query = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }
    yield* this.#pages(NAMESPACES_PATH, query, undefined, 'namespaces', EVERYWHERE)
  }

  async *listOtherSecrets(): AsyncGenerator<unknown, void> {
    const fieldSelector = [DOCKER_CONFIG_JSON, DOCKER_CFG].map(one => one.replace('=', '!=')).join(',')
    yield* this.#list(RESOURCES.Secret, { fieldSelector }, 'secretTable')
  }

  async *listAll(resource: Resource, selection: Selection = {}): AsyncGenerator<unknown, void> {
    yield* this.#pages(allPathOf(resource), { ...selection }, undefined, resource.name, EVERYWHERE)
  }

  async createDry(resource: Resource, object: unknown): Promise<DryRun | { readonly refusal: string }> {
    const { clock, timeout, transport } = this.#link
    const path = pathOf(resource, this.namespace)
    try {
      return await sendInTime(clock, timeout, this.#signal, signal => transport.createDry(path, object, signal))
    } catch (error) {
      const failure = readFailure(error, this.#signal)
      if (failure.code === 'refused' && failure.status !== 401) return { refusal: failure.message }
      throw this.#tell(error, 'create', resource.name)
    }
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
    namespace = this.namespace,
  ): AsyncGenerator<unknown, void> {
    const pager = new Pager(this.#link.source, this.#link.clock)
    try {
      for await (const { items } of pager.list(path, query, { signal: this.#signal, as })) yield* items
    } catch (error) {
      throw this.#tell(error, 'list', resource, namespace)
    }
  }

  #tell(error: unknown, verb: Question['verb'], resource: string, namespace = this.namespace): AskError {
    const { server, timeout } = this.#link
    return new AskError(readFailure(error, this.#signal), { server, verb, resource, namespace, timeout })
  }
}
