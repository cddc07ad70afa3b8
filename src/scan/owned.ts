import { getItems, getString, getText } from '../kube/untyped.ts'
import { readHome } from '../review/home.ts'
import { metadataOf } from '../review/schema.ts'
import type { Workload } from './scan.ts'

/** Kinds whose template says what there is to say of what they make. */
const MAKERS: ReadonlySet<string> = new Set([
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  ...['ReplicationController', 'Job', 'CronJob'],
])

/** Whether it pulls nothing any more, or is being deleted. */
function hasEnded(kind: string, object: unknown): boolean {
  if (getString(object, 'metadata', 'deletionTimestamp') !== undefined) return true
  if (kind === 'Pod') return ['Succeeded', 'Failed'].includes(getText(object, 'status', 'phase'))
  return kind === 'Job' && getItems(object, 'status', 'conditions').some(isEnd)
}

function isEnd(condition: unknown): boolean {
  return ['Complete', 'Failed'].includes(getText(condition, 'type')) && getString(condition, 'status') === 'True'
}

type Name = Pick<Workload, 'kind' | 'name'>

/** What of a namespace is the Pods' of what: of a hundred Pods of a Deployment only that is named. */
export class Owned {
  readonly #workloads = new Set<string>()
  /** By an object what it is called after: a Pod or a ReplicaSet after what made it, a Job after its CronJob. */
  readonly #owners = new Map<string, Name>()
  readonly #waiting = new Map<string, Workload>()

  get size(): number {
    return this.#workloads.size
  }

  /**
   * Takes an object into account; those that own it come first. The engine reads no template that is another's, so what such a template
   * makes is judged by its Pods.
   *
   * | the object                                                        | is judged |
   * | ----------------------------------------------------------------- | --------- |
   * | a Pod that a workload of Kubernetes controls                      | if something else controls that |
   * | any other Pod                                                     | yes       |
   * | a workload that something controls                                | no        |
   * | any other workload                                                | yes       |
   * | a Pod or Job that has ended, or anything that is being deleted    | no        |
   *
   * @returns whether it is judged
   */
  note(kind: string, object: unknown): boolean {
    const name = getText(object, 'metadata', 'name')
    const owner = ownerOf(kind, object)
    if (kind !== 'Pod' && owner !== undefined) {
      if (kind === 'Job' || !MAKERS.has(owner.kind)) this.#owners.set(`${kind} ${name}`, owner)
      return false
    }
    if (hasEnded(kind, object)) return false
    const root = owner === undefined ? { kind, name } : this.#rootOf(owner)
    if (owner !== undefined && MAKERS.has(root.kind)) return false
    if (owner !== undefined) this.#owners.set(`${kind} ${name}`, root)
    this.#workloads.add(keyOf(root))
    return true
  }

  noteWaiting(pod: unknown): void {
    const { kind, name } = this.#rootOf(ownerOf('Pod', pod) ?? { kind: 'Pod', name: getText(pod, 'metadata', 'name') })
    const known = this.#waiting.get(keyOf({ kind, name }))?.waiting ?? 0
    this.#waiting.set(keyOf({ kind, name }), { kind, name, waiting: known + 1 })
  }

  nameOf(kind: string, name: string): Workload {
    const root = this.#rootOf({ kind, name })
    return this.#waiting.get(keyOf(root)) ?? { ...root, waiting: 0 }
  }

  get waiting(): readonly Workload[] {
    return [...this.#waiting.values()]
  }

  #rootOf(name: Name): Name {
    return this.#owners.get(keyOf(name)) ?? name
  }
}

function ownerOf(kind: string, object: unknown): Name | undefined {
  const metadata = metadataOf(object)
  const group = kind === 'Pod' ? '' : 'apps'
  const { owner } = readHome(metadata, { group, kind }, '', 'stored')
  // A static Pod is a file of its node, which makes nothing else.
  return owner === undefined || owner.kind === 'Node' ? undefined : { kind: owner.kind, name: owner.name }
}

function keyOf({ kind, name }: Name): string {
  return `${kind} ${name}`
}
