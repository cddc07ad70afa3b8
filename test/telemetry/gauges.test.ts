import { Registry } from 'prom-client'
import t from 'tap'
import { addGauges } from '../../src/telemetry/gauges.ts'

t.test('a scrape shows what is held, as it is then', async t => {
  const registry = new Registry()
  let injects = true
  addGauges(registry, {
    version: '1.2.3',
    resources: () => [
      { name: 'secrets', synced: true, objects: 7, bytes: 4000, partialNamespaces: 2, stalenessSeconds: 3 },
    ],
    certificateNotAfter: () => 5000,
    certificateSourceOk: () => true,
    injectionEnabled: () => injects,
    registries: () => ({ private: ['ghcr.io/acme'], node: [], public: ['a', 'b'], mixed: [], default: 'unlisted' }),
  })
  const body = await registry.metrics()
  for (const line of [
    'regcred_injection_enabled 1',
    'regcred_registry_patterns{class="private"} 1',
    'regcred_registry_patterns{class="public"} 2',
    'regcred_registry_patterns{class="node"} 0',
    'regcred_build_info{version="1.2.3"} 1',
    'regcred_certificate_not_after_seconds 5',
    'regcred_certificate_source_ok 1',
    'regcred_view_objects{resource="secrets"} 7',
    'regcred_view_bytes{resource="secrets"} 4000',
    'regcred_view_partial_namespaces{resource="secrets"} 2',
    'regcred_view_in_step{resource="secrets"} 1',
    'regcred_view_staleness_seconds{resource="secrets"} 3',
  ]) {
    t.ok(body.split('\n').includes(line), line)
  }
  injects = false
  t.match(await registry.metrics(), /^regcred_injection_enabled 0$/m)
})
