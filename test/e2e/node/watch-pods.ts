import { poll } from '../../processes/poll.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'

/** What became of a container, as `kubectl get pod` says it. */
export interface ContainerOutcome {
  readonly name: string
  readonly image: string
  /** `Running`, or why it waits or ended: `ImagePullBackOff`, `Completed` and so on. */
  readonly state: string
  readonly message: string
}

interface StoredStatus {
  readonly metadata: { readonly name: string }
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly name: string
      readonly image: string
      readonly state: Readonly<Record<string, { readonly reason?: string; readonly message?: string }>>
    }[]
  }
}

/** What became of the containers of the Pods in a namespace, by Pod. */
export async function observePods(kubectl: Kubectl, namespace: string): Promise<Map<string, ContainerOutcome[]>> {
  const { stdout } = await kubectl(['get', 'pods', `--namespace=${namespace}`, '--output=json'])
  const pods: readonly StoredStatus[] = JSON.parse(stdout).items
  return new Map(
    pods.map(({ metadata, status }) => [
      metadata.name,
      (status.containerStatuses ?? []).map(({ name, image, state }) => {
        const { running, waiting, terminated } = state
        const { reason = 'Unknown', message = '' } = waiting ?? terminated ?? {}
        return { name, image, state: running ? 'Running' : reason, message }
      }),
    ]),
  )
}

/** Waits until the Pod's first container has got there, and says so like `kubectl get pod`. Milliseconds in all: 60,000. */
export async function waitForPod(kubectl: Kubectl, namespace: string, pod: string, wanted: string): Promise<void> {
  let seen = 'nothing'
  const look = async () => {
    const state = (await observePods(kubectl, namespace)).get(pod)?.[0]?.state
    seen = state ?? seen
    return state === wanted ? true : undefined
  }
  await poll(`Pod ${pod} in ${namespace} is ${wanted}`, look, { timeout: 60_000, interval: 250 }).catch(error => {
    throw new Error(`${error.message}; it is ${seen}`)
  })
}

/** The reasons of the events of a Pod, and what they say, the oldest first. */
export async function eventsOf(kubectl: Kubectl, namespace: string, pod: string): Promise<string[]> {
  const said = await kubectl([
    'get',
    'events',
    `--namespace=${namespace}`,
    `--field-selector=involvedObject.name=${pod}`,
    '--sort-by=.metadata.creationTimestamp',
    '--output=jsonpath={range .items[*]}{.reason}: {.message}{"\\n"}{end}',
  ])
  return outputOf(said).trim().split('\n')
}
