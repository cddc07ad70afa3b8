import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openCheckConfiguration } from '../../src/checking/open-check-configuration.ts'

const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: CheckConfiguration\n'
const CLUSTER = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'

t.test('none is asked for, or there is none', async t => {
  const root = t.testdir({ '.git': {}, 'regcred.yaml': HEAD, none: { '.git': {} } })
  t.strictSame(await openCheckConfiguration(false, root), {})
  t.strictSame(await openCheckConfiguration(undefined, join(root, 'none')), {})
})

t.test('the one that is found, or the one that is asked for', async t => {
  const root = t.testdir({ '.git': {}, 'regcred.yaml': `${HEAD}failOn: note\n`, k8s: { 'other.yaml': HEAD } })
  const found = await openCheckConfiguration(undefined, join(root, 'k8s'))
  t.match(found, { configuration: { file: '../regcred.yaml', folder: root, failOn: 'note' } })
  const asked = await openCheckConfiguration('other.yaml', join(root, 'k8s'))
  t.match(asked, { configuration: { file: 'other.yaml', folder: join(root, 'k8s') } })
})

t.test(
  'the configuration of a cluster is passed over where it is found, and refused where it is asked for',
  async t => {
    const root = t.testdir({ '.git': {}, 'regcred.yaml': CLUSTER })
    t.strictSame(await openCheckConfiguration(undefined, root), { passedOver: 'regcred.yaml' })
    await t.rejects(openCheckConfiguration('regcred.yaml', root), {
      message: 'regcred.yaml is the configuration of a cluster; write --config regcred.yaml',
    })
  },
)

for (const [title, text] of [
  ['an object', 'kind: ConfigMap\napiVersion: v1\n'],
  ['several', '# of helm\napiVersion: v1\nkind: Secret\n---\napiVersion: apps/v1\nkind: Deployment\n'],
  ['JSON', '{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}\n'],
] as const) {
  t.test(`a manifest of that name, ${title}, is none, and refused where it is asked for`, async t => {
    const root = t.testdir({ '.git': {}, 'regcred.yaml': text })
    t.strictSame(await openCheckConfiguration(undefined, root), {})
    await t.rejects(openCheckConfiguration('regcred.yaml', root), {
      message: 'regcred.yaml is no CheckConfiguration of regcred.dev/v1alpha1',
    })
  })
}

t.test('a CheckConfiguration with another apiVersion is corrected, and not passed over', async t => {
  const root = t.testdir({ '.git': {}, 'regcred.yaml': 'apiVersion: v1\nkind: CheckConfiguration\n' })
  await t.rejects(openCheckConfiguration(undefined, root), { message: /^regcred\.yaml:1:\d+: apiVersion: / })
})

t.test('what is wrong with it is said with its place', async t => {
  const root = t.testdir({ '.git': {}, 'regcred.yaml': `${HEAD}failon: note\n` })
  await t.rejects(openCheckConfiguration(undefined, root), {
    message: 'regcred.yaml:3:1: failon: unknown field "failon"; did you mean "failOn"?',
  })
  await t.rejects(openCheckConfiguration('none.yaml', root), { message: 'none.yaml: no such file' })
})

t.test('what is found reads nothing from outside of its repository', async t => {
  const top = t.testdir({ 'secret.yaml': 'password: hunter2', linked: { '.git': {} }, pipe: { '.git': {} } })
  symlinkSync('../secret.yaml', join(top, 'linked/regcred.yaml'))
  const end = 'not a file of this repository; if it is to be used: --check-config regcred.yaml'
  await t.rejects(openCheckConfiguration(undefined, join(top, 'linked')), { message: `regcred.yaml: is ${end}` })
  execFileSync('mkfifo', [join(top, 'pipe/regcred.yaml')])
  await t.rejects(openCheckConfiguration(undefined, join(top, 'pipe')), { message: `regcred.yaml: is ${end}` })
  for (const line of ['admission: ../secret.yaml', 'knownSecrets: [../secret.yaml]']) {
    const root = join(
      t.testdir({ 'secret.yaml': '', root: { '.git': {}, 'regcred.yaml': `${HEAD}${line}\n` } }),
      'root',
    )
    await t.rejects(openCheckConfiguration(undefined, root), {
      message: `regcred.yaml: names ../secret.yaml, which is ${end}`,
    })
    t.match(await openCheckConfiguration('regcred.yaml', root), { configuration: { file: 'regcred.yaml' } })
  }
})

t.test('a link that leads to itself is said to be one', async t => {
  const root = t.testdir({ '.git': {} })
  symlinkSync('regcred.yaml', join(root, 'regcred.yaml'))
  await t.rejects(openCheckConfiguration(undefined, root), { message: 'regcred.yaml: cannot be read (ELOOP)' })
})
