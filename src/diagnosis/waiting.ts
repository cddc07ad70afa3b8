import { getItems, getString, getText } from '../kube/untyped.ts'

/** A container that waits for its image, or an image volume, and what the kubelet says of it. */
export interface WaitingContainer {
  /** Its name; of a volume the volume's. */
  readonly container: string
  readonly isVolume?: boolean
  /** As the Pod names it. */
  readonly image: string
  /** Why it waits, as `kubectl get pod` says it, e.g. `ImagePullBackOff`. */
  readonly reason: string
  /** In the words of the kubelet; empty where it says nothing. */
  readonly message: string
}

/** Why a container waits whose image is not there. */
const REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
])

/** Phases in which nothing of a Pod is pulled any more. */
const ENDED = new Set(['Failed', 'Succeeded'])

/** Lists of a Pod's spec with containers, and where its status has what became of them. */
const LISTS = [
  ['initContainers', 'initContainerStatuses'],
  ['containers', 'containerStatuses'],
  ['ephemeralContainers', 'ephemeralContainerStatuses'],
] as const

/**
 * The containers of a Pod that wait for their images, those first that are to run first, and then its image volumes of which an event says
 * that they were not pulled: their containers may wait for another reason, or say none. None of a Pod that is being deleted, or has ended.
 *
 * @param failures what {@link findFailures} finds in its events
 */
export function findWaiting(
  pod: unknown,
  failures: ReadonlyMap<string, PullFailure> = new Map(),
): readonly WaitingContainer[] {
  if (hasEnded(pod)) return []
  const waiting = findContainers(pod)
  const told = new Set(waiting.map(({ image }) => image))
  return [...waiting, ...findVolumes(pod, failures).filter(({ image }) => !told.has(image))]
}

function hasEnded(pod: unknown): boolean {
  return getText(pod, 'metadata', 'deletionTimestamp') !== '' || ENDED.has(getText(pod, 'status', 'phase'))
}

/** Whether a Pod has image volumes and containers that have not started: only its events can tell whether it waits for those. */
export function mayWaitForVolume(pod: unknown): boolean {
  return !hasEnded(pod) && volumesOf(pod).length > 0 && getText(pod, 'status', 'phase') === 'Pending'
}

function volumesOf(pod: unknown): readonly { readonly container: string; readonly image: string }[] {
  return getItems(pod, 'spec', 'volumes').flatMap(volume => {
    const image = getText(volume, 'image', 'reference')
    return image === '' ? [] : [{ container: getText(volume, 'name'), image }]
  })
}

function findVolumes(pod: unknown, failures: ReadonlyMap<string, PullFailure>): readonly WaitingContainer[] {
  if (!mayWaitForVolume(pod)) return []
  const statuses = LISTS.flatMap(([, list]) => getItems(pod, 'status', list))
  const [reason = 'Pending'] = statuses.flatMap(status => getString(status, 'state', 'waiting', 'reason') ?? [])
  return volumesOf(pod).flatMap(({ container, image }) => {
    const failure = failures.get(image)
    return failure === undefined ? [] : [{ container, image, reason, message: failure.message, isVolume: true }]
  })
}

function findContainers(pod: unknown): readonly WaitingContainer[] {
  return LISTS.flatMap(([list, statuses]) => {
    const images = new Map(getItems(pod, 'spec', list).map(one => [getString(one, 'name'), getString(one, 'image')]))
    return getItems(pod, 'status', statuses).flatMap(status => {
      const reason = getText(status, 'state', 'waiting', 'reason')
      const container = getText(status, 'name')
      const message = getText(status, 'state', 'waiting', 'message')
      const [, pulled] = /^Back-off pulling image "([^"]+)"/.exec(message) ?? []
      // An image volume is pulled for its containers, and its image is another.
      const image = pulled ?? images.get(container) ?? getText(status, 'image')
      return REASONS.has(reason) ? [{ container, image, reason, message }] : []
    })
  })
}

/** What an event says of a pull that failed. */
export interface PullFailure {
  readonly message: string
  /** Milliseconds since the epoch; NaN where the event has no time. */
  readonly at: number
}

/**
 * What the events of a Pod say of its images: of each the failure that was seen last, unless it was pulled since. A kubelet before 1.32 says nothing more than
 * `Back-off pulling image` in the status.
 *
 * @param events of the API, `v1` or `events.k8s.io/v1`
 */
export function findFailures(events: readonly unknown[]): ReadonlyMap<string, PullFailure> {
  const failures = new Map<string, PullFailure>()
  const pulled = new Map<string, number>()
  for (const event of events) {
    const message = getString(event, 'message') ?? getText(event, 'note')
    const at = timeOf(event)
    const [, there] = PULLED.exec(message) ?? []
    if (there !== undefined) pulled.set(there, Math.max(at, pulled.get(there) ?? 0))
    const [, image] = /^Failed to pull image "([^"]+)": /.exec(message) ?? []
    if (image === undefined) continue
    const known = failures.get(image)
    if (known === undefined || !(known.at >= at)) failures.set(image, { message, at })
  }
  for (const [image, at] of pulled) {
    const failure = failures.get(image)
    if (failure !== undefined && at > failure.at) failures.delete(image)
  }
  return failures
}

/** What a kubelet says of an image that is there. */
const PULLED = /^(?:Successfully pulled|Container) image "([^"]+)"/

function timeOf(event: unknown): number {
  const times = [
    getString(event, 'series', 'lastObservedTime'),
    getString(event, 'lastTimestamp'),
    getString(event, 'eventTime'),
    getString(event, 'deprecatedLastTimestamp'),
    getString(event, 'metadata', 'creationTimestamp'),
  ]
  return Date.parse(times.find(time => time !== undefined && time !== '') ?? '')
}
