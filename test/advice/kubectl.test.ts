import t from 'tap'
import { command } from '../../src/advice/kubectl.ts'

t.test('a command is one where every name in it is a word of its own to a shell, and no flag', async t => {
  t.equal(command(['acme', 'team-a', 'a.b-1'], 'typed'), 'typed')
  t.equal(command(['a'.repeat(63)], 'typed'), 'typed')
  const odd = [
    '',
    '-f',
    'a b',
    '$(id)',
    'a;b',
    "a'b",
    'a|b',
    'a\nb',
    '../a',
    'a/b',
    'A',
    'a\u202e',
    '`id`',
    'a'.repeat(64),
  ]
  for (const name of odd) t.equal(command(['acme', name], 'typed'), undefined, JSON.stringify(name))
})
