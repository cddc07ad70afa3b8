import t from 'tap'
import { App, type Cluster } from '../src/app.ts'
import { FruitlessReads } from '../src/cluster/fruitless.ts'
import { ManifestView } from '../src/cluster/manifest-view.ts'
import { defaultSettings } from '../src/config/settings.ts'
import { openLog } from '../src/telemetry/log.ts'
import { Metrics } from '../src/telemetry/metrics.ts'
import { issueCertificate } from '../src/tls/issue.ts'

t.test('ready once the view has been in step, and until the end begins', async t => {
  let inStep = false
  const view = new ManifestView([])
  const cluster: Cluster = {
    view,
    live: view,
    resources: () => [{ name: 'secrets', inStep, objects: 3, stalenessSeconds: 1.4 }],
  }
  const { cert, key } = await issueCertificate(['localhost'])
  const app = new App({
    cluster,
    fruitless: new FruitlessReads(),
    metrics: new Metrics(),
    settings: defaultSettings,
    pair: { cert, key },
    log: openLog('silent').log,
    version: '0.0.0',
  })
  const ready = async () => {
    const { statusCode, body } = await app.server.inject('/readyz?verbose')
    return { statusCode, lines: body.split('\n') }
  }
  t.match(await ready(), {
    statusCode: 503,
    lines: ['[-]view not in step yet', '[-]view/secrets 3 objects, heard from 1 s ago'],
  })
  inStep = true
  t.match(await ready(), { statusCode: 200, lines: ['[+]view in step'] })
  inStep = false
  t.match(await ready(), { statusCode: 200 }, 'a view that falls behind takes no replica out')
  app.drain()
  t.match(await ready(), {
    statusCode: 503,
    lines: [/view/, /secrets/, '[+]certificate ok', '[-]shutdown shutting down'],
  })
  await app.close()
})
