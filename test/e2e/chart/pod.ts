/** What the stand-in for a node looks at of a Pod. */
export interface Pod {
  readonly metadata: { readonly uid: string; readonly name: string; readonly namespace: string }
  readonly spec: {
    readonly serviceAccountName: string
    readonly terminationGracePeriodSeconds: number
    readonly containers: readonly ContainerSpec[]
    readonly volumes?: readonly Volume[]
  }
}

export interface ContainerSpec {
  readonly name: string
  readonly image: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly {
    readonly name: string
    readonly value?: string
    readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } }
  }[]
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
  readonly readinessProbe?: {
    readonly httpGet: { readonly path: string; readonly port: string; readonly scheme: string }
  }
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } }
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean }
}

export interface Volume {
  readonly name: string
  readonly configMap?: { readonly name: string }
  readonly secret?: { readonly secretName: string }
  readonly projected?: object
}

/** The status of a Pod with one container, as a kubelet would write it. */
export function statusOf(
  { spec }: Pod,
  ip: string,
  { phase, ready, exitCode }: { phase: 'Running' | 'Succeeded' | 'Failed'; ready: boolean; exitCode?: number },
) {
  const [container] = spec.containers
  const now = `${new Date().toISOString().slice(0, 19)}Z`
  const condition = (type: string, holds: boolean) => ({
    type,
    status: holds ? 'True' : 'False',
    lastTransitionTime: now,
  })
  const state = exitCode === undefined ? { running: { startedAt: now } } : { terminated: { exitCode, finishedAt: now } }
  return {
    phase,
    startTime: now,
    podIP: ip,
    podIPs: [{ ip }],
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', true),
      condition('ContainersReady', ready),
      condition('Ready', ready),
    ],
    containerStatuses: [
      { name: container?.name, image: container?.image, imageID: '', ready, restartCount: 0, started: true, state },
    ],
  }
}
