import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import fc from 'fast-check'
import t from 'tap'
import { Terminal } from '../../src/runtime/terminal.ts'
import { holdsInvisible, hostileText } from './hostile-text.ts'

/** A terminal with colours, and what has been written to it. */
function open() {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    getColorDepth: () => WriteStream.prototype.getColorDepth({ TERM: 'xterm-256color' }),
  })
  return { terminal: new Terminal(stream), written: () => String(stream.read() ?? '') }
}

t.before(() => {
  delete process.env['FORCE_COLOR']
})

t.test('a line says what its template says, and what is put in is made visible', async t => {
  const { terminal, written } = open()
  terminal.write(terminal.line`a ${'b\u202e\n'} ${3}\\`, terminal.line`${terminal.paint('red', 'c\u001b')}`)
  t.equal(written(), 'a b\\u202e\\u000a 3\\\n\u001b[31mc\\u001b\u001b[39m\n')
})

t.test('what is put in is no command of a GitHub runner, wherever it stands', async t => {
  const { terminal, written } = open()
  terminal.write(terminal.line`a ${'##[stop-commands]b'} ${terminal.paint('bold', '###[group]')}`)
  t.match(written(), /^a #\\u0023\[stop-commands\]b .*##\\u0023\[group\].*\n$/)
})

t.test('of a text that was made elsewhere the lines are kept', async t => {
  const { terminal, written } = open()
  terminal.writeText('a\nb\u001b[2J\n')
  t.equal(written(), 'a\nb\\u001b[2J\n')
})

t.test('for programs there are tabs between fields, and none in them', async t => {
  const { terminal, written } = open()
  terminal.writeFields(['a\tb', 'c\nd'], ['e'])
  t.equal(written(), 'a\\u0009b\tc\\u000ad\ne\n')
})

t.test('no text controls a terminal', async () => {
  fc.assert(
    fc.property(hostileText, text => {
      const { terminal, written } = open()
      terminal.write(terminal.line`${text} ${terminal.paint('bold', text)}`)
      const [line = '', ...rest] = written().split('\n')
      const bare = line.replace('\u001b[1m', '').replace('\u001b[22m', '')
      return rest.join() === '' && !holdsInvisible(bare)
    }),
  )
})
