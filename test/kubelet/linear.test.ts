import t from 'tap'
import { parseDockerConfig } from '../../src/kubelet/docker-config.ts'
import { parseImageName } from '../../src/kubelet/image-name.ts'
import { KubeletKeyring, lookup } from '../../src/kubelet/keyring.ts'
import { keyThatWouldWork } from '../../src/kubelet/near-miss.ts'

// Eight times the input takes eight times as long; what grows by the square would take 64 times.
const FACTOR = 8
const TOO_MUCH = 40

const parse = (text: string) => parseDockerConfig('dockerconfigjson', text)
const repeat = (size: number, piece: (at: number) => string) =>
  Array.from({ length: size }, (_, at) => piece(at)).join(',')

const entry = (key: string) => ({ key, usable: true })

const cases: [name: string, size: number, run: (size: number) => unknown][] = [
  ['a config of many entries', 2000, size => parse(`{"auths":{${repeat(size, at => `"r${at}.io":{"auth":"dTpw"}`)}}}`)],
  ['one of many auths', 2000, size => parse(`{${repeat(size, at => `"auths":{"r${at}.io":{}}`)}}`)],
  ['a key of escapes', 20_000, size => parse(`{"auths":{"${'\\u0041'.repeat(size)}":{}}}`)],
  ['a key of bytes that are no UTF-8', 20_000, size => parse(`{"auths":{"${'\xffa'.repeat(size)}":{}}}`)],
  ['a key of percent signs', 20_000, size => keyThatWouldWork(`reg.io/${'%61'.repeat(size)}`)],
  ['a host of many parts', 20_000, size => keyThatWouldWork(`${'a.'.repeat(size)}io`)],
  ['an address of many groups', 20_000, size => keyThatWouldWork(`[${'1:'.repeat(size)}]`)],
  ['a long password', 100_000, size => parse(`{"auths":{"a":{"auth":"${'dTpw'.repeat(size)}"}}}`)],
  ['a password of escaped quotes', 50_000, size => parse(`{"auths":{"a":{"password":"${'\\"'.repeat(size)}"}}}`)],
  ['a password of backslashes', 50_000, size => parse(`{"auths":{"a":{"password":"${'\\\\'.repeat(size)}"}}}`)],
  ['a password that is not ASCII', 50_000, size => parse(`{"auths":{"a":{"password":"${'\xc3\xa9'.repeat(size)}"}}}`)],
  ['an auth of many lines', 20_000, size => parse(`{"auths":{"a":{"auth":"${'dTpw\\n'.repeat(size)}"}}}`)],
  ['a nest', 100_000, size => parse(`${'['.repeat(size)}${']'.repeat(size)}`)],
  ['an image of many parts', 50_000, size => parseImageName(`${'a-b.'.repeat(size)}io/web`)],
  [
    'a lookup among globs',
    1000,
    size => {
      const entries = Array.from({ length: size }, (_, at) => ({ key: `*a*a*${at}.io`, usable: true }))
      return lookup([{ name: 's', entries }], { registry: `${'a'.repeat(200)}.io`, path: 'web' })
    },
  ],
  [
    'as many images as Secrets',
    500,
    size => {
      const secrets = Array.from({ length: size }, (_, at) => ({ name: `s${at}`, entries: [entry(`r${at}.io`)] }))
      const keyring = new KubeletKeyring(secrets)
      return secrets.map((_, at) => keyring.lookup({ registry: `r${at}.io`, path: 'web' }))
    },
  ],
]

for (const [name, size, run] of cases) {
  t.test(`the time for ${name} grows with its size, not with its square`, async t => {
    const [small, large] = [measure(() => run(size)), measure(() => run(size * FACTOR))]
    t.ok(large / small < TOO_MUCH, `${(large / small).toFixed(1)} times`)
  })
}

/** The least time of the processor in milliseconds, so that other work on the machine does not count. */
function measure(run: () => unknown): number {
  const times = Array.from({ length: 4 }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.max(Math.min(...times), 0.2)
}
