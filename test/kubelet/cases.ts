import fc from 'fast-check'

/** A case as the oracle reads it: what a Pod's pull secrets hold, and an image. */
export interface Case {
  readonly secrets: readonly CaseSecret[]
  readonly image: string
}

interface CaseSecret {
  readonly type: string
  /** In base64, as in the API. */
  readonly data: Readonly<Record<string, string>>
}

/**
 * Cases that hit: images and keys come from one small pool, and most configs are whole. Everything that is written into
 * a Secret is a string of bytes, one character each, so that it need not be UTF-8.
 */
export function anyCase(): fc.Arbitrary<Case> {
  return fc.oneof(
    { weight: 5, arbitrary: matchingCase() },
    { weight: 3, arbitrary: configCase() },
    { weight: 2, arbitrary: imageCase() },
    { weight: 1, arbitrary: addressCase() },
  )
}

/** One to three sound Secrets with keys of all forms, most of them close to the image. */
export function matchingCase(): fc.Arbitrary<Case> {
  return soundImage().chain(({ image, near }) => {
    const key = fc.oneof({ weight: 2, arbitrary: nearKey(near) }, { weight: 1, arbitrary: anyKey() })
    const config = fc.array(fc.tuple(key, credentials()), { maxLength: 5 }).map(toAuths)
    const secret = fc
      .tuple(fc.boolean(), config)
      .map(([old, auths]) => toSecret(old, old ? auths : `{"auths":${auths}}`))
    return fc.record({ secrets: fc.array(secret, { minLength: 1, maxLength: 3 }), image: fc.constant(image) })
  })
}

/** Secrets that are broken in every way. */
export function configCase(): fc.Arbitrary<Case> {
  const secret = fc.oneof(
    { weight: 6, arbitrary: configText(topObject()).map(text => toSecret(false, text)) },
    { weight: 3, arbitrary: configText(auths()).map(text => toSecret(true, text)) },
    { weight: 1, arbitrary: oddSecret() },
  )
  return fc.record({
    secrets: fc.array(secret, { minLength: 1, maxLength: 2 }),
    image: fc.constant('ghcr.io/acme/web'),
  })
}

/** Image names of all forms, against entries for the registries of the pool. */
export function imageCase(): fc.Arbitrary<Case> {
  const keys = ['index.docker.io', '*', '*.*', '*.*:5000']
  const auths = toAuths(keys.map(key => [key, '{"auth":"dTpw"}']))
  return anyImage().map(image => ({ secrets: [toSecret(true, auths)], image }))
}

/** IPv6 addresses, sound or not, as image and as key. Without a port its brackets are a set of characters to the kubelet. */
export function addressCase(): fc.Arbitrary<Case> {
  const address = fc.oneof(
    fc.ipV6().map(text => `[${text}]`),
    noise('012fF::', 18).map(text => `[${text}]`),
    fc.constantFrom(...ADDRESSES, ...NO_ADDRESSES, ...ADDRESS_LENGTHS),
  )
  const zone = fc.oneof(
    fc.constantFrom(...ZONES),
    noise('25%%A-Z*]', 12).map(text => `[F::1%25${text}]`),
  )
  return fc.tuple(address, fc.constantFrom('', ':5000')).chain(([literal, number]) => {
    const other = fc.constantFrom(literal, `${literal}:5000`, `x@${literal}:5000`, '*:5000', '*', '*]', '*]:5000')
    const key = fc.oneof(other, zone)
    const config = fc.array(fc.tuple(key, credentials()), { minLength: 1, maxLength: 3 }).map(toAuths)
    const image = fc.constantFrom(`${literal}${number}/acme/web`, 'F/acme/web', 'A/acme/web', 'Z/acme/web')
    return fc.record({ secrets: fc.tuple(config.map(auths => toSecret(true, auths))), image })
  })
}

function toSecret(old: boolean, bytes: string): CaseSecret {
  const format = old ? 'dockercfg' : 'dockerconfigjson'
  return { type: `kubernetes.io/${format}`, data: { [`.${format}`]: encode(bytes) } }
}

function encode(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64')
}

function utf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function toAuths(members: readonly (readonly [key: string, value: string])[]): string {
  return `{${members.map(([key, value]) => `${utf8(JSON.stringify(key))}:${value}`).join(',')}}`
}

const NAMES = ['docker.io', 'ghcr.io', 'reg.example.com', 'a.b.example.com', 'localhost', '10.0.0.1']
const ODD_NAMES = [
  'index.docker.io',
  'registry-1.docker.io',
  'REG.example.com',
  'F',
  'Reg',
  'reg',
  'foo_bar.com',
  'a--b.c',
]
const ADDRESSES = ['[::1]', '[fd00::1]', '[F::1]', '[FD00:0:0:0:0:0:0:1]']
const ADDRESS_LENGTHS = [
  '[1:2:3:4:5:6:7:8]',
  '[1:2:3:4:5:6:7]',
  '[1:2:3:4:5:6:7::]',
  '[1:2:3:4:5:6:7::8]',
  '[::2:3:4:5:6:7:8]',
  '[12345::]',
]
const NO_ADDRESSES = [
  '[1:2]',
  '[::1',
  '[::1::]',
  '[1.2.3.4]',
  '[::ffff:1.2.3.4]',
  '[::1.2.3]',
  '[::01.2.3.4]',
  '[]',
  '[::g]',
]
const NO_NAMES = ['-a.b', 'a-.b', 'a..b', 'a.b.', '.a', 'a b.c', 'ä.io', 'a]b', '']
const PATHS = [
  'acme/web',
  'acme',
  'acme/web/deep',
  'acme-evil/x',
  'library/nginx',
  'nginx',
  'v1/acme',
  'v2/web',
  'a__b/c.d-e',
]
const NO_PATHS = ['Acme/web', 'acme//web', '/acme', 'acme/', 'a..b', 'a___b', '-a', 'a-', 'a b', 'ä', '', '_a/b']
const DIGESTS = [`sha256:${'0a'.repeat(32)}`, `sha512:${'0b'.repeat(64)}`, `sha384:${'0c'.repeat(48)}`]
const NO_DIGESTS = [
  `sha256:${'0A'.repeat(32)}`,
  `SHA256:${'0a'.repeat(32)}`,
  `md5:${'0a'.repeat(16)}`,
  'sha256:0a',
  'sha256:',
  '',
]

function port(): fc.Arbitrary<string> {
  return fc.constantFrom('', '', '', ':5000', ':5000', ':443', ':0')
}

/** Where an image is: what a key would have to say to match it. */
interface Place {
  readonly host: string
  readonly port: string
  readonly path: string
}

function soundImage(): fc.Arbitrary<{ image: string; near: Place }> {
  const host = fc.constantFrom('', '', ...NAMES, ...NAMES, ...ODD_NAMES, ...ADDRESSES)
  return fc
    .tuple(host, port(), fc.constantFrom(...PATHS), fc.constantFrom('', '', ':1.0', `@${DIGESTS[0]}`))
    .map(([host, port, path, tag]) => {
      if (host !== '') return { image: `${host}${port}/${path}${tag}`, near: { host, port, path } }
      return {
        image: path + tag,
        near: { host: 'docker.io', port: '', path: path.includes('/') ? path : `library/${path}` },
      }
    })
}

function nearKey({ host, port, path }: Place): fc.Arbitrary<string> {
  const parts = host.split('.')
  const globs = parts.flatMap((part, at) =>
    [
      '*',
      `${part}*`,
      `*${part.slice(1)}`,
      `${part.slice(0, 1)}*${part.slice(-1)}`,
      `*${part}*`,
      `*${part.slice(1)}*${part.slice(-1)}`,
    ].map(glob => parts.with(at, glob).join('.')),
  )
  const [top = ''] = path.split('/', 1)
  const encoded = path.replace('a', '%61')
  const hosts = [host, host, host, parts.map(() => '*').join('.'), 'index.docker.io', host.toUpperCase(), `x.${host}`]
  const paths = [
    '',
    '',
    '/',
    `/${path}`,
    `/${top}`,
    `/${path.slice(0, 2)}`,
    `/${path}/`,
    `/${encoded}`,
    '/v1/',
    `/v2/${path}`,
    `/v1/${top}`,
    '/v1',
  ]
  return fc
    .tuple(
      fc.constantFrom('', 'https://', 'http://'),
      fc.oneof({ weight: 15, arbitrary: fc.constant('') }, fc.constantFrom(...USERS)),
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...hosts) },
        { weight: 2, arbitrary: fc.constantFrom(...globs) },
      ),
      fc.oneof({ weight: 8, arbitrary: fc.constant(port) }, fc.constantFrom('', ':5000', ':')),
      fc.constantFrom(...paths),
      fc.oneof(
        { weight: 15, arbitrary: fc.constant('') },
        fc.constantFrom('?x', '#f', '?\n', '?\x7f', '#\n', '#%zz', '%3f%0a'),
      ),
    )
    .map(pieces => pieces.join(''))
}

function anyImage(): fc.Arbitrary<string> {
  const tag = fc.constantFrom(
    '',
    ':1',
    ':A_b.c-d',
    `:${'t'.repeat(128)}`,
    `:${'t'.repeat(129)}`,
    ':',
    ':-x',
    ':ä',
    ':1:2',
  )
  const digest = fc.constantFrom('', ...DIGESTS, ...NO_DIGESTS).map(text => (text === '' ? '' : `@${text}`))
  const composed = fc
    .tuple(
      fc.constantFrom('', ...NAMES, ...ODD_NAMES, ...ADDRESSES, ...NO_ADDRESSES, ...NO_NAMES),
      fc.constantFrom('', '', ':5000', ':', ':x', ':5000:1'),
      fc.constantFrom(...PATHS, ...NO_PATHS),
      fc.oneof({ weight: 2, arbitrary: fc.constant('') }, tag),
      fc.oneof({ weight: 2, arbitrary: fc.constant('') }, digest),
    )
    .map(
      ([host, number, path, name, hash]) => `${host}${number}${host + number === '' ? '' : '/'}${path}${name}${hash}`,
    )
  const long = fc
    .tuple(
      fc.constantFrom('', 'docker.io/', 'reg.io/', 'a_b.io/', `${'h'.repeat(250)}.io/`),
      fc.integer({ min: 235, max: 260 }),
    )
    .map(([host, length]) => host + 'p'.repeat(length))
  const identifier = fc.constantFrom('a'.repeat(64), 'A'.repeat(64), 'a'.repeat(63), `x/${'a'.repeat(64)}`)
  return fc.oneof(
    { weight: 8, arbitrary: composed },
    { weight: 1, arbitrary: long },
    { weight: 1, arbitrary: identifier },
    { weight: 6, arbitrary: noise('aab..::/_-[]F@1ä ', 14) },
  )
}

/** Text of few different characters, so that all their neighbourhoods come up. */
function noise(characters: string, maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...characters), { maxLength }).map(letters => letters.join(''))
}

function anyKey(): fc.Arbitrary<string> {
  const host = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...NAMES, 'index.docker.io') },
    { weight: 3, arbitrary: fc.constantFrom(...GLOBS) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD_NAMES, ...ADDRESSES) },
    { weight: 1, arbitrary: fc.constantFrom(...NO_ADDRESSES, ...NO_NAMES, ...ZONES, ...ESCAPES) },
    { weight: 1, arbitrary: noise('0123fFg:.%', 20).map(text => `[${text}]`) },
    { weight: 1, arbitrary: noise('abeimorx.*-', 12) },
  )
  const often = (usual: string, others: readonly string[]) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, fc.constantFrom(...others))
  const composed = fc
    .tuple(
      often('', ['https://', 'http://', 'https://', 'HTTPS://', 'oci://', '//', 'https:/', 'https://http://']),
      fc.oneof({ weight: 12, arbitrary: fc.constant('') }, fc.constantFrom(...USERS)),
      host,
      fc.oneof({ weight: 6, arbitrary: port() }, fc.constantFrom(':', ':x', ':*', ':50%30', ':5000:1', ':5000]')),
      often('', KEY_PATHS),
      fc.oneof(
        { weight: 8, arbitrary: fc.constant('') },
        fc.constantFrom('?', '?x=1', '??', '#', '#f', '#%zz', '?%zz', '?a#b', '#a?b', '\n'),
      ),
    )
    .map(pieces => pieces.join(''))
  return fc.oneof(
    { weight: 9, arbitrary: composed },
    { weight: 1, arbitrary: noise('aci./:*[]%@?#-_15F\u00e9 \t<>^|\\"', 16) },
  )
}

const GLOBS = [
  ...[
    '*',
    '*.io',
    'gh*.io',
    '*.*',
    '*.*.*',
    '*.example.com',
    'reg.*.com',
    '*.example.*',
    'r*g.e*m*e.com',
    '*eg.example.com',
  ],
  ...[
    'docker.*',
    '*.docker.io',
    '**.io',
    '*a*.b.example.com',
    '*]',
    '*:1]',
    '10.0.*.1',
    '1*.0.0.*',
    'l*t',
    '*g*r*.io',
    '*F*',
  ],
]

/** Addresses with zones: after the two rounds of decoding, the brackets can be a set of characters. */
const ZONES = [
  ...[
    '[::1%25en0]',
    '[::1%25]',
    '[::1%2525]',
    '[::1%25ab]',
    '[::1%2525A-Z]',
    '[::1%2525a-]',
    '[::1%2525-a]',
    '[::1%2525A--]',
  ],
  ...[
    '[::1%2525*]',
    '[::1%2525x]*',
    '[::1%2525F]]',
    '[::1%25%c3%a9]',
    '[::1%2525%25c3]',
    '[::1%25a%20b]',
    '[::1%25%2f]',
    '[::1%2525\u00e90-\ufffd]',
    '[::1%2525%2520]',
    '[::1%25%40]',
    '[::1%25%c3]',
  ],
  ...[
    '[::1%25%25%41]',
    '[F::1]*',
    '[::1]x',
    '[::1%2525%252525]',
    '[F::1%2525]',
    '[F::1%25]',
    '[::1%2525%2520F]',
    '[::1%2525%257eF]',
    '[::1%2525!F]',
    '[::1%2525%2540F]',
    '[::%c3%a9]',
    '[::1%2525\u00e9-',
    '[::1%2525\u00ff]]:5000',
  ],
]

const ESCAPES = [
  'caf%c3%a9.io',
  'a%25b.io',
  'a%25c3b.io',
  'ghcr%2eio',
  'ghcr.io%',
  'a%e4^.io',
  'a%e4 .io',
  '%ff',
  'ä%c3.io',
]

const USERS = [
  'user@',
  'user:pw@',
  ':@',
  '@',
  'u%41:p%42@',
  'u%4:p@',
  'u^:p@',
  'a@b:c@',
  'u:p:q@',
  'ü:p@',
  'u:p#@',
  'u:p/@',
  'u[:p@',
]

const KEY_PATHS = [
  ...[
    '/',
    '/acme',
    '/acme/',
    '/acme/web',
    '/ac',
    '/library',
    '/library/nginx',
    '/nginx',
    '/Acme',
    '//',
    '//acme',
    '/acme-',
  ],
  ...[
    '/v1',
    '/v1/',
    '/v2',
    '/v2/',
    '/v1/acme',
    '/v2/acme/web',
    '/v1/v2/acme',
    '/v2//acme',
    '/v1//',
    '/v3/',
    '/V1/',
    '/v1/web',
  ],
  ...[
    '/%61cme',
    '/ac%6de/web',
    '/acme%2fweb',
    '/%2561cme',
    '/acme%',
    '/acme%2',
    '/acme%zz',
    '/acme%25zz',
    '/acme%3fx',
    '/acme%23x',
  ],
  ...[
    '/acme%0a',
    '/%ff',
    '/%c3%a9',
    '/\u00e9',
    '/\ud83d\ude00',
    '/\uffff',
    '/acme*',
    '/*',
    '/acme:1',
    '/acme@x',
    '/acme;x',
    '/ac me',
    '/%76%31/',
  ],
]

/** What a Secret of this kind most often holds for a key; some without a user. */
function credentials(): fc.Arbitrary<string> {
  return fc.constantFrom(
    '{"auth":"dTpw"}',
    '{"auth":"dTpw"}',
    '{"username":"u","password":"p"}',
    '{}',
    'null',
    '{"auth":"OnA="}',
  )
}

/** Most of the time the text itself, else with something around or in it that JSON has not. */
function configText(sound: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const damaged = fc
    .tuple(
      sound,
      fc.nat(200),
      fc.constantFrom('', '\0', '}', ']', ',', '"', '\\', '\xff', 'x', '1', ' ', '\u007f', '/*'),
      fc.nat(2),
    )
    .map(([text, at, insert, remove]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + insert + text.slice(place + remove)
    })
  const whole = fc.constantFrom(
    ...[
      '',
      ' ',
      '\ufeff{}',
      '\xef\xbb\xbf{}',
      'null',
      ' null ',
      'nul',
      'true',
      '"x"',
      '[]',
      '0',
      '{}x',
      '{}{}',
      '{"auths":{},}',
    ],
    ...[
      '01',
      '1.',
      '.5',
      '-',
      '1e',
      '+1',
      '{"a":01}',
      '{"a":1.e1}',
      '{"a":-}',
      '{"a":1e+5}',
      '{"a":-0.1E-9}',
      '{"a":NaN}',
    ],
    ...['{"auths":{"ghcr.io":{"auth":"dTpw"}}}\v', '\t\r\n{"auths" :\n{ "ghcr.io"\t:\r{"auth" : "dTpw" } } } \n'],
  )
  const deep = fc.tuple(fc.integer({ min: 9_996, max: 10_002 }), fc.boolean()).map(([depth, asField]) => {
    const nested = '['.repeat(depth) + ']'.repeat(depth)
    return asField ? `{"x":${nested},"auths":{"ghcr.io":{"x":${nested.slice(2, -2)},"auth":"dTpw"}}}` : nested
  })
  return fc.oneof(
    { weight: 60, arbitrary: sound },
    { weight: 25, arbitrary: damaged },
    { weight: 5, arbitrary: whole },
    { weight: 1, arbitrary: deep },
  )
}

function oddSecret(): fc.Arbitrary<CaseSecret> {
  const name = fc.constantFrom('.dockerconfigjson', '.dockercfg', 'config.json', '.DockerConfigJson')
  const content = fc.constantFrom(
    '',
    '{"auths":{"ghcr.io":{"auth":"dTpw"}}}',
    '{"ghcr.io":{"auth":"dTpw"}}',
    '{',
    'null',
  )
  return fc.record({
    type: fc.constantFrom(
      'kubernetes.io/dockerconfigjson',
      'kubernetes.io/dockercfg',
      'Opaque',
      '',
      'kubernetes.io/DockerCfg',
    ),
    data: fc.dictionary(name, content.map(encode), { maxKeys: 3 }),
  })
}

function topObject(): fc.Arbitrary<string> {
  const rarely = (arbitrary: fc.Arbitrary<string>) => ({ weight: 1, arbitrary })
  const member = fc.oneof(
    { weight: 10, arbitrary: fc.tuple(spelling('auths'), fc.oneof({ weight: 8, arbitrary: auths() }, wrongValue())) },
    rarely(fc.tuple(spelling('HttpHeaders'), headers()).map(pair)),
    rarely(fc.tuple(spelling('credsStore'), fc.oneof(fc.constant('"desktop"'), wrongValue())).map(pair)),
    rarely(fc.tuple(spelling('credHelpers'), fc.oneof(fc.constant('{"ghcr.io":"gh"}'), wrongValue())).map(pair)),
    rarely(fc.tuple(spelling('other'), wrongValue()).map(pair)),
  )
  return fc.array(member, { minLength: 1, maxLength: 3 }).map(members => `{${members.map(toMember).join(',')}}`)
}

function pair([name, value]: readonly [string, string]): string {
  return `${name}:${value}`
}

function toMember(member: string | readonly [string, string]): string {
  return typeof member === 'string' ? member : pair(member)
}

function auths(): fc.Arbitrary<string> {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...NAMES, 'https://index.docker.io/v1/', '__proto__', '') },
    { weight: 1, arbitrary: anyKey() },
  )
  const name = fc.oneof({ weight: 3, arbitrary: key.map(text => utf8(JSON.stringify(text))) }, oddString(key))
  const member = fc.tuple(name, fc.oneof({ weight: 9, arbitrary: entry() }, wrongValue())).map(pair)
  return fc.array(member, { maxLength: 3 }).map(members => `{${members.join(',')}}`)
}

function entry(): fc.Arbitrary<string> {
  const member = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(spelling('auth'), fc.oneof({ weight: 12, arbitrary: auth() }, wrongValue())).map(pair),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom('username', 'password', 'email').chain(spelling),
          fc.oneof({ weight: 6, arbitrary: oddString(fc.constantFrom('u', '', 'x:y', 'ü')) }, wrongValue()),
        )
        .map(pair),
    },
    { weight: 1, arbitrary: fc.tuple(spelling('identitytoken'), wrongValue()).map(pair) },
  )
  return fc.array(member, { maxLength: 3 }).map(members => `{${members.join(',')}}`)
}

function auth(): fc.Arbitrary<string> {
  const encoded = fc
    .constantFrom('u:p', 'user:pass', 'u:', ':p', ':', 'u', '', 'u:p:q', 'ü:p', 'us:p', 'use:p')
    .map(text => Buffer.from(text).toString('base64'))
  const broken = fc
    .tuple(
      encoded,
      fc.nat(12),
      fc.constantFrom('', '\n', '\r\n', '=', '==', ' ', '-', '_', 'A', '\u00a0', '\0', '\t', 'é'),
      fc.nat(2),
    )
    .map(([text, at, insert, remove]) => text.slice(0, at) + insert + text.slice(at + remove))
  const text = fc.oneof(
    { weight: 3, arbitrary: encoded },
    { weight: 1, arbitrary: encoded.map(text => text.replace(/=+$/, '')) },
    { weight: 3, arbitrary: broken },
  )
  return oddString(text)
}

function headers(): fc.Arbitrary<string> {
  return fc.constantFrom(
    '{}',
    'null',
    '{"X":"y"}',
    '{"X":null}',
    '{"X":1}',
    '{"X":"y","Y":[]}',
    '[]',
    '"x"',
    '{"X":{}}',
    'true',
  )
}

function wrongValue(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'null',
    'null',
    '5',
    'true',
    'false',
    '"x"',
    '""',
    '[]',
    '{}',
    '[{"auth":1}]',
    '-1.5e3',
    '{"a":{"b":[null]}}',
  )
}

/** A field name as Go takes it for the same: capitals, the long s, escapes; and sometimes one that it does not. */
function spelling(name: string): fc.Arbitrary<string> {
  const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`
  const spellings = [name, name, name, name.toUpperCase(), name.toLowerCase(), name.replace('s', 'ſ'), escaped]
  return fc
    .oneof(
      { weight: 12, arbitrary: fc.constantFrom(...spellings) },
      fc.constantFrom(`${name} `, `${name}\xff`, name.replace('u', 'ü'), name.replace('s', '\u212a'), `${name}s`, ''),
    )
    .map(text => `"${utf8(text)}"`)
}

/** A JSON string, now and then escaped, with bytes that are no UTF-8 or with what no JSON string may hold. */
function oddString(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const plain = text.map(content => utf8(JSON.stringify(content)).slice(1, -1))
  const escaped = text.map(content =>
    [...content].map(letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  )
  const addition = fc.constantFrom(
    ...[
      '\xff',
      '\xe2\x82',
      '\xc0\x80',
      '\xed\xa0\x80',
      '\xf4\x90\x80\x80',
      '\xf0\x9f\x98\x80',
      '\xe2\x82\xac',
      '\xc3',
      '\xf0\x9f\x98',
    ],
    ...[
      '\\ud83d\\ude00',
      '\\ud83d',
      '\\ude00',
      '\\ud83d\\u0041',
      '\\ud83d\\ud83d\\ude00',
      '\\n',
      '\\/',
      '\\"',
      '\\\\',
      '\\b\\f\\r\\t',
    ],
    ...["\\'", '\\x', '\\u12g4', '\\u123', '\t', '\0', '\x7f', '\xef\xbf\xbd', '\\ufffd', '\\U0041', '\\u0000'],
  )
  const additions = fc.array(addition, { minLength: 1, maxLength: 2 })
  const odd = fc.tuple(plain, additions, plain).map(([before, between, after]) => before + between.join('') + after)
  return fc
    .oneof({ weight: 8, arbitrary: plain }, { weight: 1, arbitrary: escaped }, { weight: 2, arbitrary: odd })
    .map(content => `"${content}"`)
}
