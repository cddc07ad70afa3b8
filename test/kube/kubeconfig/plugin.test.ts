import t from 'tap'
import { openPlugin } from '../../../src/kube/kubeconfig/plugin.ts'

t.test('an identity provider that kubectl does not know either is an error that says what to use', async t => {
  for (const name of ['gcp', 'azure', undefined]) {
    const ask = openPlugin({ authProvider: { ...(name && { name }), config: { 'access-token': 'hunter2' } } })
    await t.rejects(ask(), { message: `there is no auth-provider "${name}": use an exec plugin` })
  }
})

t.test('a token of an identity provider is sent while it lasts, and nothing without one', async t => {
  const token = `e30.${btoa(JSON.stringify({ exp: 4_102_444_800 })).replaceAll('=', '')}.sig`
  const ask = openPlugin({ authProvider: { name: 'oidc', config: { 'id-token': token } } })
  for (const _ of [1, 2]) t.strictSame(await ask(), { tls: {}, headers: { Authorization: `Bearer ${token}` } })
  t.strictSame(await openPlugin({ authProvider: { name: 'oidc', config: {} } })(), { tls: {}, headers: {} })
})
