import t from 'tap'
import { registryOf } from '../../src/kubelet/registry-name.ts'

t.test('a key is told by its host, port and path, and by nothing else that it holds', async t => {
  const cases: [string, string | undefined][] = [
    ['https://index.docker.io/v1/', 'docker.io'],
    ['https://janedoe:hunter2@index.docker.io/v1/', 'docker.io'],
    ['ghcr.io', 'ghcr.io'],
    ['https://janedoe:hunter2@ghcr.io/acme?token=hunter2#hunter2', 'ghcr.io/acme'],
    ['registry.example.com:5000/v2/', 'registry.example.com:5000'],
    ['*.dkr.ecr.*.amazonaws.com', '*.dkr.ecr.*.amazonaws.com'],
    ['http://[::1', undefined],
    [`ghcr.io/${'a'.repeat(100)}`, undefined],
    ['ghcr.io/a b', undefined],
    ['', undefined],
  ]
  for (const [key, registry] of cases) t.equal(registryOf(key), registry, key)
})
