import { doubtsAbout } from '../policy/doubts.ts'
import type { Known, Namespace, NamespaceFacts, PodFacts, SecretFacts } from '../policy/facts.ts'
import type { NamespaceSubject, PodSubject, SecretSubject } from '../review/review.ts'
import { type Account, assemble, type Confirmed } from './assemble.ts'
import type { Sources, TimeLeft } from './sources.ts'
import type { ReadOptions } from './view.ts'

/** The longest that one live read may take, in milliseconds: a person waits for it. */
const LONGEST_READ = 500

/**
 * Gathers everything that planning and evaluation need to know of a Pod.
 *
 * The view answers first. What looks wrong in its answers is read live and looked at again, until nothing is in doubt that
 * has not been read, or time is up: what could not be read is unknown.
 */
export async function gatherPod(
  subject: PodSubject,
  namespace: string,
  sources: Sources,
  timeLeft: TimeLeft,
): Promise<PodFacts> {
  const options = () => readOptions(timeLeft, subject.controlled)
  const account = await findAccount(subject, namespace, sources, options)
  const confirmed: Confirmed = { secrets: new Map() }
  for (;;) {
    const facts = assemble(subject, namespace, sources, account, confirmed)
    const doubts = doubtsAbout(facts)
    if (doubts.lacking.length > 0 && confirmed.pullSecrets === undefined) {
      confirmed.pullSecrets = await readPullSecrets(namespace, doubts.lacking, sources, options())
    } else {
      const names = [...doubts.secrets].filter(name => name !== '' && !confirmed.secrets.has(name))
      if (names.length === 0) {
        if (confirmed.pullSecrets?.state === 'value') sources.fruitless.note(namespace, doubts.lacking, sources.now())
        return facts
      }
      await Promise.all(
        names.map(async name => {
          confirmed.secrets.set(name, await sources.live.readSecret(namespace, name, options()))
        }),
      )
    }
  }
}

/** Gathers what is to be known of a Secret that is being written. */
export async function gatherSecret(
  { reading }: SecretSubject,
  namespace: string,
  sources: Sources,
  timeLeft: TimeLeft,
): Promise<SecretFacts> {
  const namespaceState = await findNamespace(namespace, sources, () => readOptions(timeLeft, false))
  return { about: 'secret', namespace, reading, namespaceState, rulebook: sources.rulebook, now: sources.now() }
}

/** Gathers what is to be known of a Namespace that is being written. */
export function gatherNamespace({ namespace }: NamespaceSubject, { rulebook }: Sources): NamespaceFacts {
  return { about: 'namespace', namespace, rulebook }
}

function readOptions(timeLeft: TimeLeft, shared: boolean): ReadOptions {
  return { timeout: Math.min(LONGEST_READ, timeLeft()), shared }
}

/** What the view does not hold yet may have come in the same apply as the Pod, so that is read live at once. */
async function findAccount(
  subject: PodSubject,
  namespace: string,
  sources: Sources,
  options: () => ReadOptions,
): Promise<Account> {
  const held = sources.view.serviceAccount(namespace, subject.serviceAccountName)
  const [namespaceState, serviceAccount] = await Promise.all([
    findNamespace(namespace, sources, options),
    held.state === 'value' ? held : sources.live.readServiceAccount(namespace, subject.serviceAccountName, options()),
  ])
  return { namespaceState, serviceAccount }
}

async function findNamespace(
  name: string,
  { view, live }: Sources,
  options: () => ReadOptions,
): Promise<Known<Namespace>> {
  const held = view.namespace(name)
  return held.state === 'value' ? held : await live.readNamespace(name, options())
}

/** Reads all pull secrets of a namespace before match gives up, but not again for an image it was just done in vain for. */
async function readPullSecrets(
  namespace: string,
  images: readonly string[],
  { live, fruitless, now }: Sources,
  options: ReadOptions,
): Promise<Confirmed['pullSecrets']> {
  if (images.every(image => fruitless.isRecent(namespace, image, now()))) return { state: 'unknown' }
  return await live.readPullSecrets(namespace, options)
}
