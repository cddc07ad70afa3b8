import { checkManifests } from '../engine/check-manifests.ts'
import type { CheckedObject } from '../engine/checked.ts'
import { get, getItems, getString, getText } from '../kube/untyped.ts'
import { parseImageName } from '../kubelet/image-name.ts'
import type { Found, Manifest } from '../manifests/found.ts'
import { NO_PLAN } from '../policy/plan.ts'
import type { RegistryClass } from '../policy/registries/classifier.ts'
import { prepareRulebook } from '../policy/rulebook.ts'
import type { Settings } from '../policy/settings.ts'
import { keeperOf } from '../review/home.ts'
import { metadataOf } from '../review/schema.ts'
import { present } from '../runtime/present.ts'
import { type Diagnosis, diagnose } from './diagnose.ts'
import type { KnownSecret } from './pull-case.ts'
import { type PullError, readPullError } from './pull-error.ts'
import { findFailures, findWaiting, type PullFailure, type WaitingContainer } from './waiting.ts'

/** What was read of a namespace about one Pod, as the API sends it. */
export interface Observed {
  readonly namespace: string
  readonly pod: unknown
  readonly events: readonly unknown[]
  /** The ownerReference of what made it; undefined where somebody did by hand. */
  readonly maker: unknown
  /** Its ServiceAccount; undefined where there is none, or it may not be read. */
  readonly account: unknown
  /** All pull secrets of the namespace, and of others that the Pod lists their name and type; undefined where they may not be read. */
  readonly secrets: AsyncIterable<unknown> | Iterable<unknown> | undefined
}

/** A container that waits for its image, and why. */
export interface Examined {
  readonly waiting: WaitingContainer
  readonly error: PullError
  /** When the node said so, in milliseconds since the epoch; undefined where nobody wrote it down. */
  readonly at: number | undefined
  readonly diagnosis: Diagnosis
}

/**
 * Finds out why each waiting container of a Pod has no image: what its node said, and what the kubelet's own rules make of the pull
 * secrets that are there now.
 *
 * @param now milliseconds since the epoch
 */
export async function examine(observed: Observed, settings: Settings, now: () => number): Promise<readonly Examined[]> {
  const { namespace, pod, account, events, maker } = observed
  const failures = findFailures(events)
  const classes = prepareRulebook(settings)
  const failed = findWaiting(pod, failures).map(waiting => ({
    waiting,
    registryClass: classes.readImage(waiting.image).registryClass,
    ...errorOf(waiting, failures.get(waiting.image)),
  }))
  const secrets = new Map<string, KnownSecret>()
  const found = manifestsOf(observed, secrets)
  const areSecretsKnown = observed.secrets !== undefined
  const options = { namespace, strict: areSecretsKnown, now }
  const checked = await checkManifests(found, prepareRulebook(judging(settings, failed)), options)
  const object = checked.objects.find(({ manifest }) => manifest.kind === 'Pod')
  const name = getText(pod, 'metadata', 'name')
  return failed.map(one => ({
    ...one,
    diagnosis: diagnose({
      ...one,
      namespace,
      areSecretsKnown,
      owner: getString(maker, 'kind'),
      object: object ?? nothingOf(name, namespace),
      references: namesIn(getItems(pod, 'spec', 'imagePullSecrets')),
      account: {
        name: getText(pod, 'spec', 'serviceAccountName') || 'default',
        references: namesIn(getItems(account, 'imagePullSecrets')),
      },
      secret: secret => present(secrets.get(secret)),
      now: now(),
    }),
  }))
}

/** In the status of a kubelet before 1.32 there is no cause; then the events have it. */
function errorOf(
  { reason, message, image }: WaitingContainer,
  failure: PullFailure | undefined,
): { readonly error: PullError; readonly at: number | undefined } {
  const error = readPullError(reason, message, image)
  const at = failure === undefined || Number.isNaN(failure.at) ? undefined : failure.at
  if (failure === undefined || error.kind !== 'other') return { error, at }
  return { error: readPullError(reason, failure.message, image), at }
}

/** A container that waits, and what is said of it. */
interface Failed {
  readonly waiting: WaitingContainer
  readonly error: PullError
  readonly registryClass: RegistryClass
}

/**
 * What is judged is what the node will do, whatever regcred is told to say about it. An image of a registry of which nothing else is said is
 * private where it was refused to who had no login.
 */
function judging(settings: Settings, failed: readonly Failed[]): Settings {
  const refused = failed.flatMap(({ waiting, error, registryClass }) => {
    const isRefused = error.kind === 'unauthorized' || error.kind === 'denied'
    const isOpen = registryClass === 'unlisted' || registryClass === 'mixed'
    const image = isRefused && isOpen ? parseImageName(waiting.image) : undefined
    return image === undefined ? [] : `${image.registry}/${image.path}`
  })
  const { registries } = settings
  return {
    ...settings,
    mode: 'warn',
    ignore: [],
    inject: { ...settings.inject, enabled: false },
    exemptions: { namespaces: [], usernames: [] },
    view: { secrets: 'contents' },
    suggestions: 'requester',
    registries: { ...registries, private: [...new Set([...registries.private, ...refused])] },
  }
}

async function* manifestsOf(
  { pod, account, secrets, maker }: Observed,
  known: Map<string, KnownSecret>,
): AsyncGenerator<Found> {
  const metadata = { ...Object(get(pod, 'metadata')), ownerReferences: maker === undefined ? [] : [maker] }
  yield manifest('Pod', { ...Object(pod), metadata })
  if (account !== undefined) yield manifest('ServiceAccount', account)
  for await (const secret of secrets ?? []) {
    const name = getText(secret, 'metadata', 'name')
    known.set(name, { writtenAt: writeTimeOf(secret), keeper: keeperOf(metadataOf(secret)) })
    yield manifest('Secret', secret)
  }
}

function manifest(kind: string, object: unknown): Manifest {
  return { file: '-', apiVersion: 'v1', kind, object: object as Manifest['object'] }
}

/** When the contents of a Secret were written last, as far as it says: its field managers have the times. */
function writeTimeOf(secret: unknown): number {
  const writers = getItems(secret, 'metadata', 'managedFields').filter(
    manager => get(manager, 'fieldsV1', 'f:data') !== undefined,
  )
  const times = [getText(secret, 'metadata', 'creationTimestamp'), ...writers.map(manager => getText(manager, 'time'))]
  return Math.max(0, ...times.map(time => Date.parse(time)).filter(time => !Number.isNaN(time)))
}

function namesIn(references: readonly unknown[]): readonly string[] {
  return references.map(one => getText(one, 'name')).filter(name => name !== '')
}

/** A Pod of which nothing can be said. */
function nothingOf(name: string, namespace: string): CheckedObject {
  const manifest = { file: '-', apiVersion: 'v1', kind: 'Pod' }
  return { manifest, namespace, name, images: [], plan: NO_PLAN, findings: [] }
}
