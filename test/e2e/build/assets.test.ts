import { chmod, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { type Assets, findAssets } from './assets.ts'
import { withLock } from './lock.ts'

const stream = { write: () => true }
const given = process.env['KUBEBUILDER_ASSETS']
const real = await findAssets()

async function linkAssets(folder: string, assets: readonly (keyof Assets)[]): Promise<Assets> {
  const linked = {
    etcd: join(folder, 'etcd'),
    kubeApiServer: join(folder, 'kube-apiserver'),
    kubeControllerManager: join(folder, 'kube-controller-manager'),
    kubectl: join(folder, 'kubectl'),
  }
  for (const asset of assets) await symlink(real[asset], linked[asset])
  return linked
}

t.test('what KUBEBUILDER_ASSETS holds is taken', async t => {
  const folder = t.testdir()
  const all = await linkAssets(folder, ['etcd', 'kubeApiServer', 'kubeControllerManager', 'kubectl'])
  t.same(await findAssets({ env: { ...process.env, KUBEBUILDER_ASSETS: folder }, stream }), all)
})

const skip = given !== undefined && 'it would be built'
t.test('kube-controller-manager, which envtest ships without, is built beside it', { skip }, async t => {
  const folder = t.testdir()
  const most = await linkAssets(folder, ['etcd', 'kubeApiServer', 'kubectl'])
  const found = await findAssets({ env: { ...process.env, KUBEBUILDER_ASSETS: folder }, stream })
  t.same(found, { ...most, kubeControllerManager: real.kubeControllerManager })
})

t.test('KUBEBUILDER_ASSETS without what is needed is an error that names what is missing', async t => {
  const folder = t.testdir({ kubectl: 'not executable' })
  await linkAssets(folder, ['etcd'])
  const message = `KUBEBUILDER_ASSETS is ${folder}, which has no executable kube-apiserver, kubectl`
  await t.rejects(findAssets({ env: { ...process.env, KUBEBUILDER_ASSETS: folder }, stream }), { message })
})

const tooOld = '#!/bin/sh\necho "go: go.mod requires go >= 1.26.0 (running go 1.25.1; GOTOOLCHAIN=local)" >&2\nexit 1\n'
const unusable = [
  { name: 'no Go', files: {}, reason: 'go is not on the PATH' },
  { name: 'a Go that is too old', files: { go: tooOld }, reason: /go\.mod requires go >= 1\.26\.0/ },
]

for (const { name, files, reason } of unusable) {
  t.test(`with ${name} the error says what to do`, async t => {
    const path = t.testdir(files)
    if ('go' in files) await chmod(join(path, 'go'), 0o755)
    const env = { PATH: path, REGCRED_CACHE: join(path, 'cache') }
    const { message } = await findAssets({ env, stream }).catch(error => error)
    t.match(message, reason)
    t.match(message, 'or set KUBEBUILDER_ASSETS to a folder that has it')
    t.notMatch(message, '\n')
  })
}

t.test('two runs do not build at the same time', async t => {
  const lock = join(t.testdir(), 'lock')
  const order: string[] = []
  let waited = 0
  const run = (name: string) =>
    withLock(
      lock,
      () => waited++,
      async () => {
        order.push(`${name} begins`)
        await new Promise(resolve => setImmediate(resolve))
        order.push(`${name} ends`)
      },
    )
  await Promise.all([run('one'), run('one')])
  t.same(order, ['one begins', 'one ends', 'one begins', 'one ends'])
  t.equal(waited, 1, 'the second says that it waits')
})
