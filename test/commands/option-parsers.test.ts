import { InvalidArgumentError } from 'commander'
import t from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import {
  collect,
  collectName,
  collectOutput,
  OUTPUT_FORMATS,
  type Output,
  parseCipherSuites,
  parseDelay,
  parseLifetime,
  parsePort,
  parseTlsVersion,
} from '../../src/commands/option-parsers.ts'
import { TLS_CIPHER_SUITES } from '../../src/runtime/tls-protocol.ts'

const cases: readonly [parse: (text: string) => number | string, text: string, value: number | string | undefined][] = [
  [parsePort, '0', 0],
  [parsePort, '65535', 65_535],
  [parsePort, '65536', undefined],
  [parsePort, '-1', undefined],
  [parsePort, '1e3', undefined],
  [parsePort, '', undefined],
  [parseDelay, '5s', 5000],
  [parseDelay, '1h', 3_600_000],
  [parseDelay, '1h1s', undefined],
  [parseDelay, '5', undefined],
  [parseLifetime, '10s', 10_000],
  [parseLifetime, '9s', undefined],
  [parseLifetime, '87600h', 315_360_000_000],
  [parseLifetime, '87601h', undefined],
  [parseLifetime, 'long', undefined],
  [parseTlsVersion, 'VersionTLS12', 'TLSv1.2'],
  [parseTlsVersion, 'VersionTLS13', 'TLSv1.3'],
  [parseTlsVersion, 'VersionTLS11', undefined],
  [parseTlsVersion, 'TLSv1.2', undefined],
  [parseTlsVersion, 'toString', undefined],
  [parseCipherSuites, 'TLS_RSA_WITH_AES_128_GCM_SHA256', undefined],
  [parseCipherSuites, 'ECDHE-RSA-AES128-GCM-SHA256', undefined],
  [parseCipherSuites, '', undefined],
  [parseCipherSuites, 'constructor', undefined],
]

t.test('the value of an option is read, or refused with what it has to be', async t => {
  for (const [parse, text, value] of cases) {
    const name = `${parse.name} ${text}`
    if (value === undefined) t.throws(() => parse(text), InvalidArgumentError, name)
    else t.equal(parse(text), value, name)
  }
})

t.test('an option may be repeated', async t => t.strictSame(collect('b', collect('a', [])), ['a', 'b']))

t.test('a name that is empty or has blanks around it comes from a template that got no value', async t => {
  t.strictSame(collectName('kube-apiserver', ['a']), ['a', 'kube-apiserver'])
  for (const text of ['', ' ', ' a']) t.throws(() => collectName(text, []), InvalidArgumentError)
})

t.test('cipher suites have the names of kube-apiserver, and an error lists them all', async t => {
  const suites = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'
  const ofTls13 = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256'
  t.equal(parseCipherSuites(suites), `${ofTls13}:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA`)
  for (const name of Object.keys(TLS_CIPHER_SUITES)) t.throws(() => parseCipherSuites('x'), { message: name })
  t.throws(() => parseTlsVersion('x'), { message: 'Give one of VersionTLS12, VersionTLS13.' })
})

const collectChecked = (value: string, before?: readonly Output[]) => collectOutput(OUTPUT_FORMATS, value, before)

t.test('outputs are kept in their order, each with its place', t => {
  const first = collectChecked('text')
  t.strictSame(collectChecked('sarif=a=b.sarif', first), [{ format: 'text' }, { format: 'sarif', file: 'a=b.sarif' }])
  t.strictSame(collectChecked('json', collectChecked('junit=a.xml')).at(-1), { format: 'json' })
  t.end()
})

t.test('an output that is unknown, has an empty file or the place of another is refused', t => {
  const both = [...collectChecked('text'), ...collectChecked('sarif=a.sarif')]
  const faults = {
    xml: 'Allowed choices are text, json, sarif, github, junit, gitlab, markdown.',
    'SARIF=a': /^Allowed choices/,
    '': /^Allowed choices/,
    'junit=': 'Give a file: junit=FILE.',
    'json=-': 'For standard output write json alone.',
    json: 'Only one output goes to standard output: write json=FILE.',
    'junit=./a.sarif': 'Another output goes to this file.',
  }
  for (const [value, message] of Object.entries(faults)) {
    t.throws(() => collectChecked(value, both), { constructor: InvalidArgumentError, message }, value)
  }
  t.end()
})

t.test('shells complete the formats of check, and a flag without one is refused', async t => {
  const output = checkCommand().options.find(({ short }) => short === '-o')
  t.strictSame(output?.argChoices, [...OUTPUT_FORMATS])
  const command = checkCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  await t.rejects(command.parseAsync(['-o'], { from: 'user' }), { code: 'commander.optionMissingArgument' })
})
