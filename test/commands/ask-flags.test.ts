import { Command } from 'commander'
import t from 'tap'
import { addAskOptions, parseRequestTimeout } from '../../src/commands/ask-flags.ts'

t.test('a command has the flags of kubectl, and ten seconds for a request', async t => {
  const parse = (...args: string[]) => addAskOptions(new Command()).parse(args, { from: 'user' }).opts()
  t.strictSame(parse(), { requestTimeout: 10_000 })
  t.strictSame(parse('-n', 'a', '--context', 'b', '--kubeconfig', 'c', '--request-timeout', '1m'), {
    ...{ namespace: 'a', context: 'b', kubeconfig: 'c', requestTimeout: 60_000 },
  })
})

t.test('a time is a duration, or a number of seconds', async t => {
  t.equal(parseRequestTimeout('5s'), 5000)
  t.equal(parseRequestTimeout('5'), 5000)
  t.equal(parseRequestTimeout('1h'), 3_600_000)
  for (const text of ['0', '0s', '61m', '-1s', 'soon', '']) t.throws(() => parseRequestTimeout(text), /Give a duration/)
})
