import t from 'tap'
import type { CheckConfiguration } from '../../src/checking/check-configuration.ts'
import { excluderOf } from '../../src/checking/excluded.ts'

const CONFIGURATION: CheckConfiguration = {
  ...{ file: '../regcred.yaml', folder: '/work', knownSecrets: [], secretsFrom: [], ignore: [] },
  exclude: ['charts/**', 'k8s/old/', '**/*.test.yaml'],
}

t.test('a glob leaves out what it fits, and all below a folder that it fits', async t => {
  const isExcluded = excluderOf(CONFIGURATION, '/work/k8s')
  const table = {
    'web.yaml': false,
    'old/web.yaml': true,
    'old/a/web.yaml': true,
    old: true,
    '../charts/web/a.yaml': true,
    '/work/charts/a.yaml': true,
    'a/b.test.yaml': true,
    '../../charts/a.yaml': false,
    '../regcred.yaml': true,
    'regcred.yaml': false,
  }
  for (const [path, expected] of Object.entries(table)) t.equal(isExcluded(path), expected, path)
})
