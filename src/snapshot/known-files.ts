import type { KnownNamespace } from '../cluster/view.ts'
import { formatFault } from '../manifests/found.ts'
import { findManifests } from '../manifests/read.ts'
import { nameFirst } from '../runtime/count.ts'
import { writeSpan } from '../runtime/duration.ts'
import { fromSnapshot } from './from-snapshot.ts'
import { KnownObjects } from './known-objects.ts'
import { checkSnapshot, SNAPSHOT, type Snapshot } from './snapshot.ts'

/** The least that is told of an age: clocks of two machines differ. */
const MINUTE_MS = 60_000
/** Age of a snapshot at which it is time for another. */
const MAX_FRESH_MS = 7 * 86_400_000

/** What files say of a cluster, what there is to know of them, and what is wrong with them: a sentence each. */
export interface KnownFiles {
  readonly known: readonly KnownNamespace[]
  readonly notes: readonly string[]
  readonly faults: readonly string[]
}

/**
 * Reads files that say what a cluster holds: snapshots, and Secrets, ServiceAccounts and Namespaces as they are. All else in them is left
 * alone.
 *
 * @param now milliseconds since the epoch
 */
export async function readKnownFiles(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array | string>,
  namespace: string,
  now: number,
): Promise<KnownFiles> {
  const all = { known: [], notes: [], faults: [] } as { [K in keyof KnownFiles]: KnownFiles[K][number][] }
  for (const path of paths) {
    const { known, notes, faults } = await readPath(path, stdin, namespace, now)
    all.known.push(...known)
    all.notes.push(...notes)
    all.faults.push(...faults)
    if (known.length + faults.length === 0 && notes.length === 0) all.faults.push(`${path} ${NOTHING}`)
  }
  return all
}

const NOTHING =
  'holds no snapshot and no Secret; take a snapshot of the cluster: regcred snapshot -A > pull-secrets.yaml'

async function readPath(
  path: string,
  stdin: AsyncIterable<Uint8Array | string>,
  namespace: string,
  now: number,
): Promise<KnownFiles> {
  const objects = new KnownObjects(namespace)
  const known: KnownNamespace[] = []
  const notes: string[] = []
  const faults: string[] = []
  for await (const found of findManifests([path], stdin)) {
    if ('fault' in found) faults.push(formatFault(found.fault))
    if ('fault' in found || 'other' in found) continue
    if (found.apiVersion === SNAPSHOT.apiVersion && found.kind === SNAPSHOT.kind) {
      const checked = checkSnapshot(found.object)
      if ('fault' in checked)
        faults.push(formatFault({ ...found, message: `cannot read this snapshot: ${checked.fault}` }))
      else {
        known.push(...fromSnapshot(checked.value))
        notes.push(tellAge(path, checked.value, now))
      }
    } else {
      const fault = objects.take(found)
      if (fault !== undefined) faults.push(formatFault({ ...found, message: fault }))
    }
  }
  return { known: [...known, ...objects.all], notes, faults }
}

/** How old a snapshot is, and what it does not hold. */
function tellAge(file: string, { takenAt, cluster, notRead = [] }: Snapshot, now: number): string {
  const taken = Date.parse(takenAt)
  const of = `${file}: the Secrets of ${cluster}`
  const left = notRead.length === 0 ? '' : `; without ${nameFirst(namesOf(notRead), countOf(notRead))}`
  if (Number.isNaN(taken)) return `${of}, and it does not say as of when${left}`
  const age = now - taken
  const again = age > MAX_FRESH_MS ? '; that is old, take another: regcred snapshot' : ''
  return `${of} as of ${writeSpan(Math.max(MINUTE_MS, age))} ago${again}${left}`
}

/** Namespaces that a note names before it only counts them. */
const MAX_NAMED = 3

function namesOf(notRead: NonNullable<Snapshot['notRead']>): readonly string[] {
  return [...new Set(notRead.map(({ namespace }) => namespace))].slice(0, MAX_NAMED)
}

function countOf(notRead: NonNullable<Snapshot['notRead']>): number {
  return new Set(notRead.map(({ namespace }) => namespace)).size
}
