import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findCheckConfiguration, isFileIn } from '../../src/checking/find-check-configuration.ts'

t.test('it is found in the folder, or above it, up to the root of the repository', async t => {
  const root = t.testdir({ '.git': {}, 'regcred.yaml': '', k8s: { web: {}, '.regcred.yaml': '' } })
  t.strictSame(await findCheckConfiguration(root), { file: join(root, 'regcred.yaml'), root })
  t.strictSame(await findCheckConfiguration(join(root, 'k8s/web')), { file: join(root, 'k8s/.regcred.yaml'), root })
})

t.test('nothing above the root of the repository, nor outside of any, is looked at', async t => {
  const top = t.testdir({ 'regcred.yaml': '', repository: { '.git': 'gitdir: elsewhere', k8s: {} } })
  t.equal(await findCheckConfiguration(join(top, 'repository/k8s')), undefined)
})

t.test('of two the one without a dot counts', async t => {
  const root = t.testdir({ '.git': {}, 'regcred.yaml': '', '.regcred.yaml': '' })
  t.equal((await findCheckConfiguration(root))?.file, join(root, 'regcred.yaml'))
})

t.test('outside of any repository it is looked for in the folder alone', async t => {
  t.equal(await findCheckConfiguration('/'), undefined)
})

t.test('a link out of the repository leads to no file of it', async t => {
  const top = t.testdir({ secret: 's', root: { file: 'f', folder: {}, '..two': 'f' } })
  const root = join(top, 'root')
  symlinkSync('../secret', join(root, 'out'))
  symlinkSync('file', join(root, 'in'))
  symlinkSync('loop', join(root, 'loop'))
  mkdirSync(join(root, 'sub'))
  const table = { file: true, in: true, out: false, folder: false, '..two': true, '../secret': false, '..': false }
  for (const [path, expected] of Object.entries(table)) t.equal(await isFileIn(root, join(root, path)), expected, path)
  t.equal(await isFileIn(root, join(root, 'loop')), true, 'who reads it says what is wrong')
  t.equal(await isFileIn(root, join(root, 'none')), true)
})
