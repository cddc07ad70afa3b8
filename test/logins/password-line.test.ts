import { Readable } from 'node:stream'
import t from 'tap'
import { readPasswordLine } from '../../src/logins/password-line.ts'

const read = (chunks: readonly (string | Buffer)[], user = 'ci') => readPasswordLine(Readable.from(chunks), user)

t.test('a line without its line break, as a string of bytes', async t => {
  for (const [input, password] of [
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['hunter2', 'hunter2'],
    [' hunter2 \n', ' hunter2 '],
    ['pässword\n', 'p\xc3\xa4ssword'],
  ] as const) {
    t.strictSame(await read([input]), { ok: true, password }, JSON.stringify(input))
  }
  t.strictSame(await read([Buffer.from('p\xc3', 'latin1'), Buffer.from('\xa4\n', 'latin1')]), {
    ok: true,
    password: 'p\xc3\xa4',
  })
  t.strictSame(await read(['{\n}\n'], '_json_key_base64'), { ok: true, password: '{\n}' }, "Google's keys are files")
})

t.test('what is no password is refused, and not repeated', async t => {
  const cases = {
    'standard input is empty, so there is no password. Did the command before it fail?': ['', '\n', '\r\n'],
    'standard input has more than one line; give the password alone': ['hunter2\n\n', 'hunter2\nx', '\nhunter2'],
    'standard input is not plain UTF-8; write the password without a byte order mark': ['\uFEFFhunter2\n', 'h\0u\0'],
    'standard input has more than 64 KiB; give the password alone': ['x'.repeat(65_537)],
  }
  for (const [fault, inputs] of Object.entries(cases)) {
    for (const input of inputs)
      t.strictSame(await read([input]), { ok: false, fault }, JSON.stringify(input.slice(0, 9)))
  }
  t.match(await read(['x'.repeat(65_536)]), { ok: true })
})

t.test('a stream without an end is not read to its end', async t => {
  let read = 0
  async function* endless() {
    for (;;) {
      read += 1
      yield Buffer.alloc(1024, 'x')
    }
  }
  t.match(await readPasswordLine(endless(), 'ci'), { ok: false })
  t.ok(read < 100)
})
