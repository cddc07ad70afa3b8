import { type Assessment, assess } from '../policy/assess.ts'
import { NO_DOUBTS } from '../policy/doubts.ts'
import type { Known, NamespaceFacts, SecretFacts } from '../policy/facts.ts'
import type { SecretReading } from '../registry/secret.ts'
import type { NamespaceSubject, PodSubject, SecretSubject } from '../review/review.ts'
import { AssembledFacts, type Confirmed, NOTHING_CONFIRMED } from './assemble.ts'
import type { Sources, TimeLeft } from './sources.ts'
import type { ReadOptions } from './view.ts'

/** The longest that one live read may take, in milliseconds: a person waits for it. */
const LONGEST_READ = 500

/** The most Secrets that are read for one review; who lists more is not told of the others. */
const MOST_READ = 100

/**
 * Gathers everything that is to be known of a Pod, and assesses it: at once if nothing of what the view holds is in doubt, as
 * with most Pods.
 */
export function gatherPod(
  subject: PodSubject,
  namespace: string,
  sources: Sources,
  timeLeft: TimeLeft,
): Assessment | Promise<Assessment> {
  const assessment = assess(new AssembledFacts(subject, namespace, sources, NOTHING_CONFIRMED))
  const { facts, doubts } = assessment
  const isHeld = facts.namespaceState.state === 'value' && facts.serviceAccount.state === 'value'
  return isHeld && doubts === NO_DOUBTS ? assessment : confirmPod(assessment, subject, sources, timeLeft)
}

/**
 * Reads live what looks wrong, and assesses the Pod again, until nothing is in doubt that has not been read, or time is up:
 * what could not be read is unknown. The last assessment is the answer.
 */
async function confirmPod(
  first: Assessment,
  subject: PodSubject,
  sources: Sources,
  timeLeft: TimeLeft,
): Promise<Assessment> {
  const { live } = sources
  const { namespace, namespaceState, serviceAccount } = first.facts
  const { serviceAccountName } = subject
  const options = () => readOptions(timeLeft, subject.silent)
  const confirmed: Confirmed = { ...NOTHING_CONFIRMED, secrets: new Map() }
  const assessAgain = () => assess(new AssembledFacts(subject, namespace, sources, confirmed))
  let assessment = first
  // What the view does not hold yet may have come in the same apply as the Pod, so that is read live at once.
  if (namespaceState.state !== 'value' || serviceAccount.state !== 'value') {
    const read = await Promise.all([
      namespaceState.state === 'value' ? undefined : live.readNamespace(namespace, options()),
      serviceAccount.state === 'value' ? undefined : live.readServiceAccount(namespace, serviceAccountName, options()),
    ])
    confirmed.namespaceState = read[0]
    confirmed.serviceAccount = read[1]
    assessment = assessAgain()
  }
  for (;;) {
    const { doubts } = assessment
    const names = [...doubts.secrets].filter(name => !confirmed.secrets.has(name))
    if (doubts.serviceAccount && confirmed.serviceAccount === undefined) {
      confirmed.serviceAccount = await live.readServiceAccount(namespace, serviceAccountName, options())
    } else if (names.length > 0) {
      await confirmSecrets(names, namespace, sources, options, confirmed)
    } else if (confirmed.pullSecrets === undefined && isWorthALook(doubts.lacking, namespace, sources)) {
      confirmed.pullSecrets = byName(await live.readPullSecrets(namespace, options()))
    } else {
      if (confirmed.pullSecrets?.state === 'value') sources.fruitless.note(namespace, doubts.lacking, sources.now())
      return assessment
    }
    assessment = assessAgain()
  }
}

/** Gathers what is to be known of a Secret that is being written. */
export async function gatherSecret(
  { reading }: SecretSubject,
  namespace: string,
  sources: Sources,
  timeLeft: TimeLeft,
): Promise<SecretFacts> {
  const { view, live, rulebook, now } = sources
  const held = view.namespace(namespace)
  const namespaceState =
    held.state === 'value' ? held : await live.readNamespace(namespace, readOptions(timeLeft, false))
  return { about: 'secret', namespace, reading, namespaceState, rulebook, now: now() }
}

/** Gathers what is to be known of a Namespace that is being written. */
export function gatherNamespace({ namespace }: NamespaceSubject, { rulebook }: Sources): NamespaceFacts {
  return { about: 'namespace', namespace, rulebook }
}

function readOptions(timeLeft: TimeLeft, shared: boolean): ReadOptions {
  return { timeout: Math.min(LONGEST_READ, timeLeft()), shared }
}

async function confirmSecrets(
  names: readonly string[],
  namespace: string,
  { live }: Sources,
  options: () => ReadOptions,
  { secrets }: Confirmed,
): Promise<void> {
  const room = MOST_READ - secrets.size
  await Promise.all(
    names.map(async (name, i) => {
      secrets.set(name, i < room ? await live.readSecret(namespace, name, options()) : { state: 'unknown' })
    }),
  )
}

function byName(readings: Known<readonly SecretReading[]>): Confirmed['pullSecrets'] {
  if (readings.state !== 'value') return readings
  return { state: 'value', value: new Map(readings.value.map(reading => [reading.name, reading])) }
}

/** Match gives up in the face of a live read, but not of another one for an image for which one was just in vain. */
function isWorthALook(images: readonly string[], namespace: string, { fruitless, now }: Sources): boolean {
  return images.some(image => !fruitless.isRecent(namespace, image, now()))
}
