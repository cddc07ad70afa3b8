import t from 'tap'
import { compareSpecificity, hasPath } from '../../src/kubelet/specificity.ts'

const entry = (key: string) => ({ key, usable: true })

t.test('entries are ordered by how closely they describe what they cover', async t => {
  const fromMostSpecific = [
    '*.io/acme/web',
    'ghcr.io/acme-x',
    'ghcr.io/acme',
    '*.io/acme',
    'a.ghcr.io',
    'ghcr.io',
    '*.io',
  ]
  const sorted = [...fromMostSpecific].reverse().sort((a, b) => compareSpecificity(entry(b), entry(a)))
  t.strictSame(sorted, fromMostSpecific)
  t.equal(compareSpecificity(entry('ghcr.io'), entry('https://quay.io/v2/')), 0)
})

t.test('a key has a path or it has none', async t => {
  for (const key of ['ghcr.io/acme', 'https://ghcr.io/v1/acme']) t.ok(hasPath(key), key)
  for (const key of ['ghcr.io', 'ghcr.io/', 'https://index.docker.io/v1/', 'a b/c']) t.notOk(hasPath(key), key)
})
