import type { WholeCluster } from '../ask/cluster.ts'
import { RESOURCES } from '../ask/resources.ts'
import { isObjectName } from '../kube/object-name.ts'
import { get, getItems, getText, strings } from '../kube/untyped.ts'
import { unlessForbidden } from './unless-forbidden.ts'

/** A release of regcred in a cluster. */
export interface Installation {
  /** Empty where it is not known. */
  readonly namespace: string
  readonly name: string
  /** As the API sends it; undefined where it may not be read. */
  readonly deployment: unknown
}

/** What the chart puts on the Deployment of each release, whatever it is called. */
const RELEASE_LABEL = 'regcred.dev/release'
/** Where the docs install it. */
const USUAL_NAMESPACE = 'regcred'
/** Releases that are looked at: one is usual, and a second for a while. */
const MAX_INSTALLATIONS = 10

/** What was found: releases, or why they may not be looked for. */
export interface Found {
  readonly installations: readonly Installation[]
  readonly forbidden?: string
}

/**
 * Finds the releases of a namespace, or of the whole cluster. Who may not look everywhere is shown those of the namespace of the context, and
 * of the one where the docs install it.
 *
 * @param namespace undefined for all
 * @throws {AskError} where the cluster does not answer
 */
export async function findInstallations(cluster: WholeCluster, namespace: string | undefined): Promise<Found> {
  const selection = { labelSelector: RELEASE_LABEL }
  if (namespace === undefined) {
    const everywhere = await unlessForbidden(collect(cluster.listAll(RESOURCES.Deployment, selection)))
    if ('value' in everywhere) return { installations: everywhere.value }
  }
  const namespaces = namespace === undefined ? new Set([cluster.namespace, USUAL_NAMESPACE]) : [namespace]
  const installations: Installation[] = []
  let forbidden: string | undefined
  for (const one of namespaces) {
    const inside = await unlessForbidden(collect(cluster.within(one).list(RESOURCES.Deployment, selection)))
    if ('value' in inside) installations.push(...inside.value)
    else forbidden ??= inside.forbidden
  }
  return { installations, ...(forbidden !== undefined && { forbidden }) }
}

async function collect(objects: AsyncIterable<unknown>): Promise<Installation[]> {
  const found: Installation[] = []
  for await (const deployment of objects) {
    const metadata = (key: string) => getText(deployment, 'metadata', key)
    const [namespace, name] = [metadata('namespace'), metadata('name')]
    // They are typed in commands.
    if (isObjectName(namespace) && isObjectName(name)) found.push({ namespace, name, deployment })
    if (found.length >= MAX_INSTALLATIONS) break
  }
  return found
}

/** The labels that all objects of a release have, as a query has them; empty where they are not known. */
export function selectorOf({ deployment }: Installation): string {
  const labels = strings(get(deployment, 'spec', 'selector', 'matchLabels'))
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

/** The value of a flag of the server, e.g. `--tls-self-managed-secret`; undefined where it has none. */
export function flagOf({ deployment }: Installation, flag: string): string | undefined {
  const containers = getItems(deployment, 'spec', 'template', 'spec', 'containers')
  const args = containers.flatMap(container => getItems(container, 'args')).map(String)
  return args.find(arg => arg.startsWith(`${flag}=`))?.slice(flag.length + 1)
}

/** A volume of the server by its name; undefined where it has none. */
export function volumeOf({ deployment }: Installation, name: string): unknown {
  const volumes = getItems(deployment, 'spec', 'template', 'spec', 'volumes')
  return volumes.find(volume => getText(volume, 'name') === name)
}
