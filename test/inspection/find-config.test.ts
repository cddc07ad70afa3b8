import t from 'tap'
import { findConfig, pullSecretOf } from '../../src/inspection/find-config.ts'

const CONFIG = '{"auths": {"ghcr.io": {"username": "a", "password": "b"}}}'
const OLD = '{"ghcr.io": {"auth": "YTpi"}}'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const TYPE = 'kubernetes.io/dockerconfigjson'

t.test('a docker config is found under the key of its type, or else under any', async t => {
  const found = (secret: Parameters<typeof findConfig>[0]) => {
    const config = findConfig(secret)
    return config && `${config.key} ${config.format}`
  }
  const cases: readonly [Parameters<typeof findConfig>[0], string | undefined][] = [
    [{ type: TYPE, data: { '.dockerconfigjson': base64(CONFIG) } }, '.dockerconfigjson dockerconfigjson'],
    [{ type: TYPE, data: { '.dockerconfigjson': base64('x') } }, '.dockerconfigjson dockerconfigjson'],
    [{ type: TYPE, data: { 'config.json': base64(CONFIG) } }, 'config.json dockerconfigjson'],
    [{ type: TYPE, data: { '.dockerconfigjson': '', a: base64(CONFIG) } }, 'a dockerconfigjson'],
    [{ type: TYPE, data: { '.dockerconfigjson': '%%%' } }, undefined],
    [{ type: 'kubernetes.io/dockercfg', data: { '.dockercfg': base64(OLD) } }, '.dockercfg dockercfg'],
    [{ type: 'Opaque', stringData: { a: 'text', b: OLD } }, 'b dockercfg'],
    [{ stringData: { a: CONFIG }, data: { a: base64('text') } }, 'a dockerconfigjson'],
    [{ data: { a: base64('{"key": {"value": 1}}'), b: null } }, undefined],
    [{ stringData: { a: null } }, undefined],
    [{}, undefined],
  ]
  for (const [secret, expected] of cases) t.equal(found(secret), expected)
})

t.test('the Secret of a docker config has it', async t => {
  t.match(findConfig(pullSecretOf('a', CONFIG)), { key: '.dockerconfigjson', content: CONFIG })
})
