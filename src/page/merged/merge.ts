import type { Level } from '../../report/level.ts'
import { cutVisible, ownText } from '../../runtime/visible.ts'
import { MAX_CARDS, mostUrgentFirst } from '../sayings.ts'
import { type MergeableScan, timeOf } from './read-document.ts'

/** One cluster of a merged report. */
export interface MergedCluster {
  /** Different from that of every other. */
  readonly cluster: string
  readonly workloads: number
  readonly willNotPull: number
  readonly mayNotPull: number
  readonly secrets: number
  /** Namespaces that could not be read. */
  readonly notRead: number
  /** Milliseconds since the epoch; undefined where the scan does not say. */
  readonly time: number | undefined
}

/** A pull secret of one name and for the same registries, wherever it is: probably one login. */
export interface MergedCredential {
  readonly secret: string
  readonly registries: readonly string[]
  readonly registryCount: number
  /** Names of clusters, and of how many there are. */
  readonly clusters: readonly string[]
  readonly clusterCount: number
  /** In how many namespaces it is, of all clusters. */
  readonly places: number
  /** Milliseconds since the epoch, of the one that expires first; undefined where none says when. */
  readonly expires: number | undefined
}

/** A cause, with where it holds. */
export interface MergedCause {
  readonly grade: Level
  readonly weight: number
  readonly cluster: string
  readonly namespace: string
  readonly code: string
  readonly message: string
  readonly advice: string
  readonly workloads: MergeableScan['causes'][number]['workloads']
}

/** What came of many scans. */
export interface Merged {
  /** Those where most will not pull first. */
  readonly clusters: readonly MergedCluster[]
  /** Those that expire first before the others, then those that are in most clusters. */
  readonly credentials: readonly MergedCredential[]
  /** Of those for which there was no more room. */
  readonly credentialsLeftOut: number
  /** The most urgent, and how many there are. */
  readonly causes: readonly MergedCause[]
  readonly causeCount: number
  /** Files that are not among them, a sentence each. */
  readonly faults: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Pull secrets that are told apart: more are in nobody's clusters, but may be in a file. */
const MAX_CREDENTIALS = 100_000
/** Names of clusters that are kept of a pull secret. */
const MAX_CLUSTERS = 1000
/** Workloads of a cause that are kept. */
const MAX_WORKLOADS = 20
/** Characters of a name that is kept. */
const MAX_KEPT_LENGTH = 1000

type Growing = { -readonly [Key in keyof MergedCredential]: MergedCredential[Key] } & { readonly named: string[] }

/** Joins scans one after another: of each no more is kept than what is told of it. */
export class Merge {
  readonly #clusters = new Map<string, MergedCluster>()
  readonly #credentials = new Map<string, Growing>()
  readonly #faults: string[] = []
  #causes: readonly MergedCause[] = []
  #causeCount = 0
  #credentialsLeftOut = 0

  /** @param file what the cluster is called after where the scan does not say, or another has its name */
  add(scan: MergeableScan, file: string): void {
    const cluster = this.#nameOf(scan.cluster ?? file, file)
    const { workloads, willNotPull, mayNotPull } = scan.summary
    const counts = { workloads, willNotPull, mayNotPull, secrets: scan.secrets.length, notRead: scan.notRead.length }
    this.#clusters.set(cluster, { cluster, ...counts, time: scan.time })
    for (const secret of scan.secrets) this.#addSecret(secret, cluster)
    this.#addCauses(scan, cluster)
  }

  addFault(fault: string): void {
    this.#faults.push(fault)
  }

  get isEmpty(): boolean {
    return this.#clusters.size === 0
  }

  get faults(): readonly string[] {
    return this.#faults
  }

  /** @param now milliseconds since the epoch */
  end(now: number): Merged {
    const never = Number.POSITIVE_INFINITY
    const clusters = [...this.#clusters.values()].sort(
      (a, b) => b.willNotPull - a.willNotPull || b.mayNotPull - a.mayNotPull || a.cluster.localeCompare(b.cluster),
    )
    const credentials = [...this.#credentials.values()]
      .map(({ named, ...one }) => ({ ...one, clusters: named }))
      .sort(({ expires: a = never, ...one }, { expires: b = never, ...other }) =>
        a === b ? other.clusterCount - one.clusterCount : a - b,
      )
    return {
      ...{ clusters, credentials, credentialsLeftOut: this.#credentialsLeftOut },
      ...{ causes: this.#causes, causeCount: this.#causeCount, faults: this.#faults, now },
    }
  }

  #nameOf(wanted: string, file: string): string {
    const name = keep(wanted)
    if (!this.#clusters.has(name)) return name
    const longer = `${name} (${keep(file)})`
    return this.#clusters.has(longer) ? `${longer} ${this.#clusters.size + 1}` : longer
  }

  #addSecret(secret: MergeableScan['secrets'][number], cluster: string): void {
    const name = keep(secret.secret)
    const registries = secret.registries.map(keep).sort()
    const key = JSON.stringify([name, ...registries])
    const known = this.#credentials.get(key)
    if (known === undefined && this.#credentials.size >= MAX_CREDENTIALS) {
      this.#credentialsLeftOut += 1
      return
    }
    const registryCount = Math.max(secret.registryCount, registries.length)
    const fresh = { secret: name, registries, registryCount, clusters: [], clusterCount: 0, places: 0, named: [] }
    const credential: Growing = known ?? { ...fresh, expires: undefined }
    this.#credentials.set(key, credential)
    credential.places += 1
    const expires = timeOf(secret.expires ?? '')
    if (expires !== undefined) credential.expires = Math.min(expires, credential.expires ?? expires)
    // One cluster comes after another.
    if (credential.named.at(-1) === cluster) return
    credential.clusterCount += 1
    if (credential.named.length < MAX_CLUSTERS) credential.named.push(cluster)
  }

  #addCauses({ causes, waiting }: MergeableScan, cluster: string): void {
    const found = causes.map(({ level, code, namespace, message, advice, workloads }): MergedCause => {
      const kept = workloads.slice(0, MAX_WORKLOADS)
      const weight = workloads.reduce((sum, one) => sum + one.waiting, workloads.length)
      return { grade: level, weight, cluster, namespace, code, message, advice, workloads: kept }
    })
    const waitingCauses = [...Map.groupBy(waiting, ({ namespace }) => namespace)].map(
      ([namespace, all]): MergedCause => ({
        ...{ grade: 'error', weight: all.length, cluster, namespace, code: 'Waiting' },
        message: 'Pods wait for an image, though nothing is wrong with their pull secrets',
        ...{ advice: 'What the node said is told by regcred why.', workloads: all.slice(0, MAX_WORKLOADS) },
      }),
    )
    this.#causeCount += found.length + waitingCauses.length
    const all = mostUrgentFirst([...this.#causes, ...found, ...waitingCauses])
    this.#causes = all.slice(0, MAX_CARDS).map(one => (one.cluster === cluster ? keepCause(one) : one))
  }
}

/** What is kept of a text: it may be as large as its file. */
function keep(text: string): string {
  return ownText(cutVisible(text, MAX_KEPT_LENGTH))
}

function keepCause(cause: MergedCause): MergedCause {
  const { code, namespace, message, advice, workloads } = cause
  return {
    ...cause,
    ...{ code: keep(code), namespace: keep(namespace), message: keep(message), advice: keep(advice) },
    workloads: workloads.map(({ kind, name, waiting }) => ({ kind: keep(kind), name: keep(name), waiting })),
  }
}
