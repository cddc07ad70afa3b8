import { sendInTime } from '../kube/api-error.ts'
import { Finder } from '../kube/finder.ts'
import type { KubeConfig } from '../kube/kubeconfig/credentials.ts'
import type { JsonSource } from '../kube/pager.ts'
import { PatientSource } from '../kube/patient-source.ts'
import { Transport } from '../kube/transport.ts'
import { readVersion } from '../package.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'

/** Nobody is told that a role has no `get`: the answer comes of a list all the same. */
const ignore = () => undefined
const SILENT = { info: ignore, warn: ignore, error: ignore }

/** What all namespaces of a cluster are asked over. */
export interface Link {
  readonly server: string
  /** Milliseconds of a request. */
  readonly timeout: number
  readonly clock: Clock
  readonly transport: Transport
  readonly source: JsonSource
  readonly finder: Finder
}

/**
 * @param timeout milliseconds of a request
 * @param isPatient whether to wait, for as long as it asks for, where the API server has too much to do
 */
export function openLink(
  kubeConfig: KubeConfig,
  timeout: number,
  isPatient: boolean,
  clock: Clock = systemClock,
): Link {
  const transport = new Transport({ kubeConfig, userAgent: `regcred/${readVersion()}`, clock })
  // Each request has its time, those of a pager and of a finder too.
  const inTime: JsonSource = {
    getJson: (path, query, options) =>
      sendInTime(clock, timeout, options.signal, signal => transport.getJson(path, query, { ...options, signal })),
  }
  const source = isPatient ? new PatientSource(inTime, clock) : inTime
  const finder = new Finder({ source, clock, log: SILENT })
  return { server: kubeConfig.server, timeout, clock, transport, source, finder }
}
