import { Gauge, type Registry } from 'prom-client'

/** A resource that the view follows, as metrics show it. */
export interface FollowedResource {
  readonly name: string
  readonly synced: boolean
  readonly objects: number
  /** About what they take in memory. */
  readonly bytes: number
  /** Namespaces of which not all of them are held. */
  readonly partialNamespaces: number
  readonly stalenessSeconds: number
}

/** What metrics show of the cache, read anew at each scrape. */
export function viewGauges(registers: Registry[], resources: () => readonly FollowedResource[]): void {
  const gauge = (name: string, help: string, read: (resource: FollowedResource) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['resource'],
      registers,
      collect() {
        for (const resource of resources()) this.labels(resource.name).set(read(resource))
      },
    })
  gauge('regcred_view_objects', 'Objects in the cache', resource => resource.objects)
  gauge('regcred_view_bytes', 'About how much memory they take', resource => resource.bytes)
  const partial = 'Namespaces of which not all objects are in the cache: they take too much memory'
  gauge('regcred_view_partial_namespaces', partial, resource => resource.partialNamespaces)
  gauge('regcred_view_in_step', '1 once the cache of the resource is synced', resource => Number(resource.synced))
  gauge(
    'regcred_view_staleness_seconds',
    'Seconds since the last event from the API server for the resource',
    resource => resource.stalenessSeconds,
  )
}
