import t from 'tap'
import { HiddenLine } from '../../src/logins/hidden-line.ts'

function type(...chunks: string[]): string {
  const line = new HiddenLine()
  let state = 'more'
  for (const chunk of chunks) state = line.add(chunk)
  return `${state} ${line.text}`
}

t.test('what is typed until Enter', async t => {
  t.equal(type('hun', 'ter2'), 'more hunter2')
  t.equal(type('hunter2\r'), 'done hunter2')
  t.equal(type('hunter2\nmore'), 'done hunter2')
  t.equal(type('hunterx\x7f2\r'), 'done hunter2')
  t.equal(type('\b\x7fä😀\b\r'), 'done ä')
  t.equal(type('wrong\x15hunter2\r'), 'done hunter2')
})

t.test('Ctrl-C and Ctrl-D cancel, and other controls are no part of a password', async t => {
  t.match(type('hunter2\x03'), /^cancelled/)
  t.match(type('\x04'), /^cancelled/)
  t.match(type('hunter2\u001b[A'), /^odd/)
  t.match(type('a\tb'), /^odd/)
  t.match(type('x'.repeat(65_537)), /^odd/)
  t.match(type('x'.repeat(65_536)), /^more/)
})
