import { InvalidArgumentError } from 'commander'
import t from 'tap'
import { collect, parseDelay, parseLifetime, parsePort } from '../../src/commands/option-parsers.ts'

const cases: readonly [parse: (text: string) => number, text: string, value: number | undefined][] = [
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
]

t.test('the value of an option is read, or refused with what it has to be', async t => {
  for (const [parse, text, value] of cases) {
    const name = `${parse.name} ${text}`
    if (value === undefined) t.throws(() => parse(text), InvalidArgumentError, name)
    else t.equal(parse(text), value, name)
  }
})

t.test('an option may be repeated', async t => t.strictSame(collect('b', collect('a', [])), ['a', 'b']))
