import { getItems, getString, getText } from '../kube/untyped.ts'

/** A container that waits for its image, and what the kubelet says of it. */
export interface WaitingContainer {
  readonly container: string
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
 * The containers of a Pod that wait for their images, those first that are to run first. None of a Pod that is being deleted, or has
 * ended.
 */
export function findWaiting(pod: unknown): readonly WaitingContainer[] {
  if (getText(pod, 'metadata', 'deletionTimestamp') !== '' || ENDED.has(getText(pod, 'status', 'phase'))) return []
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
 * What the events of a Pod say of its images: of each the failure that was seen last. A kubelet before 1.32 says nothing more than
 * `Back-off pulling image` in the status.
 *
 * @param events of the API, `v1` or `events.k8s.io/v1`
 */
export function findFailures(events: readonly unknown[]): ReadonlyMap<string, PullFailure> {
  const failures = new Map<string, PullFailure>()
  for (const event of events) {
    const message = getString(event, 'message') ?? getText(event, 'note')
    const [, image] = /^Failed to pull image "([^"]+)": /.exec(message) ?? []
    if (image === undefined) continue
    const at = timeOf(event)
    const known = failures.get(image)
    if (known === undefined || !(known.at >= at)) failures.set(image, { message, at })
  }
  return failures
}

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
