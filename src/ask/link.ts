import { sendInTime } from '../kube/api-error.ts'
import { Finder } from '../kube/finder.ts'
import type { KubeConfig } from '../kube/kubeconfig/credentials.ts'
import { loadKubeConfig } from '../kube/kubeconfig/load.ts'
import { isObjectName } from '../kube/object-name.ts'
import type { JsonSource } from '../kube/pager.ts'
import { PatientSource } from '../kube/patient-source.ts'
import { Transport } from '../kube/transport.ts'
import { readVersion } from '../package.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import { CommandError } from '../runtime/command-error.ts'
import { Terminal } from '../runtime/terminal.ts'
import type { AskFlags } from './ask-flags.ts'

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
 * Opens the way to the cluster that the flags name, or that kubectl would take, and says which of its namespaces is meant.
 *
 * @param isPatient whether to wait, for as long as it asks for, where the API server has too much to do
 * @throws {CommandError} if there is no kubeconfig, or it is wrong
 */
export function openLink(
  { kubeconfig, context, requestTimeout, namespace: given }: AskFlags,
  stderr: NodeJS.WritableStream,
  isPatient: boolean,
): { readonly link: Link; readonly namespace: string; readonly clusterName: string | undefined } {
  const loaded = loadKubeConfig({ ...(kubeconfig && { file: kubeconfig }), ...(context && { context }) })
  if (!loaded.ok) throw new CommandError(loaded.fault.replace(/\.$/, ''))
  const namespace = given || loaded.namespace
  if (!isObjectName(namespace)) throw new CommandError(`"${namespace}" cannot be the name of a namespace`)
  const err = new Terminal(stderr)
  if (loaded.insecure !== undefined) err.write(err.line`regcred: ${loaded.insecure}`)
  const { clusterName } = loaded
  return { link: makeLink(loaded.kubeConfig, requestTimeout, isPatient), namespace, clusterName }
}

/** Nobody is told that a role has no `get`: the answer comes of a list all the same. */
const ignore = () => undefined
const SILENT = { info: ignore, warn: ignore, error: ignore }

function makeLink(kubeConfig: KubeConfig, timeout: number, isPatient: boolean, clock: Clock = systemClock): Link {
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
