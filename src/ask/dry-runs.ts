import type { ApiError } from '../kube/api-error.ts'
import { readFailure, sendInTime } from '../kube/api-error.ts'
import { isObjectName } from '../kube/object-name.ts'
import { sendPatiently } from '../kube/patient-source.ts'
import { getItems, getText } from '../kube/untyped.ts'
import { AskError } from './ask-error.ts'
import type { AskFlags } from './ask-flags.ts'
import { type Link, openLink } from './link.ts'

/** An object that is asked about. */
interface Asked {
  /** E.g. `apps/v1`. */
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  /** As it would be created: with its name, its namespace, and all that is to be in it. */
  readonly object: unknown
}

/** What a cluster says that it would do with an object. */
export type DryRun =
  | { readonly outcome: 'created'; readonly warnings: readonly string[] }
  /** An admission webhook refuses it, and says this. */
  | {
      readonly outcome: 'refused'
      readonly webhook: string
      readonly text: string
      readonly warnings: readonly string[]
    }
  /** There is an object of this name. */
  | { readonly outcome: 'exists' }
  /** Nobody got so far as to judge it. */
  | {
      readonly outcome: 'unasked'
      /** One sentence, for people. */
      readonly reason: string
      /** It is the API server that fails, and would for other objects. */
      readonly isFailure: boolean
    }

/** A cluster that is asked what it would do with objects, over and over, and never does it. */
export interface DryRuns {
  /** Where the objects go that name none. */
  readonly namespace: string
  create(asked: Asked): Promise<DryRun>
  close(): Promise<void>
}

/**
 * Opens the cluster that the flags name, or that kubectl would take, to be asked by dry runs alone.
 *
 * @throws {CommandError} if there is no kubeconfig, or it is wrong
 */
export function openDryRuns(flags: AskFlags, { stderr }: { readonly stderr: NodeJS.WritableStream }): DryRuns {
  const { link, namespace } = openLink(flags, stderr, true)
  return new ApiServerDryRuns(link, namespace)
}

class ApiServerDryRuns implements DryRuns {
  readonly namespace: string
  readonly #link: Link
  readonly #signal = new AbortController().signal
  /** By apiVersion, what each kind is called in URLs. */
  readonly #resources = new Map<string, Promise<ReadonlyMap<string, string>>>()

  constructor(link: Link, namespace: string) {
    this.namespace = namespace
    this.#link = link
  }

  async create({ apiVersion, kind, namespace, object }: Asked): Promise<DryRun> {
    const { clock, timeout, transport } = this.#link
    const root = rootOf(apiVersion)
    if (root === undefined || !isObjectName(namespace)) return unasked(`it is no object that a cluster can have`)
    let resource = 'objects'
    try {
      const found = (await this.#resourcesOf(root)).get(kind)
      if (found === undefined) return unasked(`the cluster has no ${kind} of ${apiVersion}`)
      resource = found
      const path = `${root}/namespaces/${namespace}/${resource}`
      const { warnings } = await sendPatiently(clock, this.#signal, () =>
        sendInTime(clock, timeout, this.#signal, signal => transport.createDry(path, object, signal)),
      )
      return { outcome: 'created', warnings }
    } catch (error) {
      return this.#tell(readFailure(error, this.#signal), resource, namespace)
    }
  }

  async close(): Promise<void> {
    await this.#link.transport.close()
  }

  #resourcesOf(root: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#resources.get(root) ?? this.#discover(root)
    this.#resources.set(root, known)
    return known
  }

  /** The kinds of a version of an API group; none where the cluster does not have it. */
  async #discover(root: string): Promise<ReadonlyMap<string, string>> {
    try {
      const found = await this.#link.source.getJson(root, {}, { signal: this.#signal })
      const resources = getItems(found, 'resources').map(one => [getText(one, 'kind'), getText(one, 'name')] as const)
      // Those with a slash are parts of objects.
      return new Map(resources.filter(([, name]) => /^[a-z0-9.-]+$/.test(name)))
    } catch (error) {
      if (readFailure(error, this.#signal).status === 404) return new Map()
      throw error
    }
  }

  /**
   * | the API server says                                 | that is                                     |
   * | --------------------------------------------------- | ------------------------------------------- |
   * | a webhook denied the request                        | refused                                     |
   * | 409, there is one of this name                      | exists                                      |
   * | 404, there is no such namespace                     | unasked                                     |
   * | 403, by its role                                    | unasked                                     |
   * | 403, by another admission check; 400, 422: invalid  | unasked; what it says may quote the object  |
   * | anything else                                       | unasked, and so is the next                 |
   */
  #tell(failure: ApiError, resource: string, namespace: string): DryRun {
    const { status, reason, text, warnings } = failure
    const [, webhook, said] = DENIED.exec(text) ?? []
    if (webhook !== undefined && said !== undefined) return { outcome: 'refused', webhook, text: said, warnings }
    if (status === 409 && reason === 'AlreadyExists') return { outcome: 'exists' }
    if (status === 404 && text.startsWith('namespaces ')) return unasked(`namespace "${namespace}" does not exist`)
    if (status === 403 && !text.includes(' cannot create resource '))
      return unasked(`another admission check of the cluster refuses it (403); see: ${SEE}`)
    if (status === 400 || status === 422) return unasked(`the API server finds it invalid (${status}); see: ${SEE}`)
    const { server, timeout } = this.#link
    const { message, isForbidden } = new AskError(failure, { server, verb: 'create', resource, namespace, timeout })
    return { outcome: 'unasked', reason: message, isFailure: !isForbidden }
  }
}

const DENIED = /^admission webhook "([^"]{1,253})" denied the request: (.*)$/

/** The command that shows what an API server says of an object. */
export const SEE = 'kubectl create --dry-run=server -f FILE'

function unasked(reason: string): DryRun {
  return { outcome: 'unasked', reason, isFailure: false }
}

/** The path of a version of an API group; undefined for what is none. */
function rootOf(apiVersion: string): string | undefined {
  if (/^v[a-z0-9]+$/.test(apiVersion)) return `/api/${apiVersion}`
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/v[a-z0-9]+$/.test(apiVersion) ? `/apis/${apiVersion}` : undefined
}
