import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { runTool } from '../../src/rendering/run-tool.ts'
import { putOnPath } from './fake-tools.ts'

t.test('what a program prints is read, and each argument is one word of it', async t => {
  putOnPath(t, { tool: 'echo "$# $1 $2 $GREETING"' })
  const ran = await runTool('tool', ['a b; exit 1', '$(exit 1)'], { env: { GREETING: 'hello' } })
  t.strictSame(ran, { state: 'done', output: '2 a b; exit 1 $(exit 1) hello\n' })
})

t.test('a program that is not on the PATH is absent, one of the folder in which we are too', async t => {
  putOnPath(t, { tool: 'echo' })
  t.strictSame(await runTool('other', []), { state: 'absent' })
  const { PATH = '' } = process.env
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(PATH)
  for (const path of ['', '.', './:']) {
    process.env['PATH'] = path
    t.strictSame(await runTool('tool', []), { state: 'absent' }, path)
  }
  delete process.env['PATH']
  t.strictSame(await runTool('tool', []), { state: 'absent' })
  process.env['PATH'] = PATH
  t.match(await runTool('tool', []), { state: 'done' })
})

t.test('of one that fails the first lines of its errors are told', async t => {
  putOnPath(t, {
    many: `printf 'out'; printf '\\n  Error: a\\033[31m\\r\\n\\nb\\nc\\nd\\n' >&2; exit 3`,
    long: `printf '%05000d\\n' 0 >&2; exit 1`,
    silent: 'exit 4',
    killed: 'kill -9 $$',
    binary: `printf 'a\\0b'`,
  })
  t.strictSame(await runTool('many', []), { state: 'failed', fault: 'failed: Error: a\\u001b[31m; b; c' })
  const long = await runTool('long', [])
  t.equal('fault' in long && long.fault.length, 'failed: '.length + 500)
  t.strictSame(await runTool('silent', []), { state: 'failed', fault: 'failed: exit status 4' })
  t.strictSame(await runTool('killed', []), { state: 'failed', fault: 'failed: it was ended by a signal' })
  t.strictSame(await runTool('binary', []), { state: 'failed', fault: 'printed what is not text' })
})

t.test('of errors without an end the beginning is kept', async t => {
  putOnPath(t, { tool: `i=0; while [ $i -lt 100 ]; do printf '%01000d\\n' $i >&2; i=$((i + 1)); done; exit 1` })
  t.match(await runTool('tool', []), { state: 'failed', fault: /^failed: 0{499}…; / })
})

t.test('one that cannot be run says why', async t => {
  putOnPath(t, { tool: '' })
  chmodSync(`${process.env['PATH']}/tool`, 0o644)
  t.strictSame(await runTool('tool', []), { state: 'failed', fault: 'cannot be run (EACCES)' })
})

t.test('one that does not end, or prints without end, is ended with what it has started', async t => {
  const pipe = join(t.testdir({}), 'pipe')
  await once(spawn('mkfifo', [pipe]), 'close')
  putOnPath(t, { late: `/bin/sleep 1000 > ${pipe} & wait`, loud: `while :; do printf '%01000d\\n' 0; done` })
  // It ends when nobody is left who could write to it.
  const ended = text(createReadStream(pipe))
  t.strictSame(await runTool('late', [], { timeout: 500 }), { state: 'failed', fault: 'did not end within 0.5 s' })
  t.equal(await ended, '')
  const ran = await runTool('loud', [], { maxBytes: 1024 * 1024 })
  t.strictSame(ran, { state: 'failed', fault: 'printed more than 1 MiB' })
})

t.test('one that has ended, and left somebody behind who holds its output, is not waited for', async t => {
  const pipe = join(t.testdir({}), 'pipe')
  await once(spawn('mkfifo', [pipe]), 'close')
  putOnPath(t, { tool: `/usr/bin/setsid /bin/cat ${pipe} &` })
  t.strictSame(await runTool('tool', [], { timeout: 500 }), { state: 'failed', fault: 'did not end within 0.5 s' })
  // It reads that, and ends.
  await once(createWriteStream(pipe).end(), 'close')
})
