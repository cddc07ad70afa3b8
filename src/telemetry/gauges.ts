import { Gauge, type Registry } from 'prom-client'
import { LISTED_CLASSES, type Registries } from '../policy/registries/classifier.ts'

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

/** What is read anew at each scrape. */
export interface ScrapeSources {
  readonly version: string
  readonly resources: () => readonly FollowedResource[]
  /** Milliseconds since the epoch. */
  readonly certificateNotAfter: () => number
  /** Whether the next certificate will come, as far as can be seen. */
  readonly certificateSourceOk: () => boolean
  /** Whether the configuration in effect adds pull secrets wherever no label of a Namespace says otherwise. */
  readonly injectionEnabled: () => boolean
  /** Of the configuration in effect. */
  readonly registries: () => Registries
}

/** Adds what is not counted but looked at, at each scrape. */
export function addGauges(
  registry: Registry,
  { version, resources, certificateNotAfter, certificateSourceOk, injectionEnabled, registries }: ScrapeSources,
): void {
  const registers = [registry]
  new Gauge({
    name: 'regcred_build_info',
    help: 'Always 1; the version is a label',
    labelNames: ['version'],
    registers,
  })
    .labels(version)
    .set(1)
  new Gauge({
    name: 'regcred_certificate_not_after_seconds',
    help: 'When the served certificate expires, in seconds since the epoch',
    registers,
    collect() {
      this.set(certificateNotAfter() / 1000)
    },
  })
  new Gauge({
    name: 'regcred_certificate_source_ok',
    help: '0 while renewal fails or the new certificate is refused, else 1; the last good one is served in any case',
    registers,
    collect() {
      this.set(Number(certificateSourceOk()))
    },
  })
  new Gauge({
    name: 'regcred_injection_enabled',
    help: '1 if the configuration adds pull secrets to Pods wherever no label of the Namespace says otherwise, else 0',
    registers,
    collect() {
      this.set(Number(injectionEnabled()))
    },
  })
  new Gauge({
    name: 'regcred_registry_patterns',
    help: 'Patterns under registries in the configuration; with none that is private, little is said of most images',
    labelNames: ['class'],
    registers,
    collect() {
      for (const listed of LISTED_CLASSES) this.labels(listed).set(registries()[listed].length)
    },
  })
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
