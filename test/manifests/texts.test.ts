import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { textsAt } from '../../src/manifests/texts.ts'

const LIMIT = 32 * 1024 * 1024

async function* streamOf(...chunks: (string | Uint8Array)[]) {
  yield* chunks
}

async function read(path: string, stdin: AsyncIterable<string | Uint8Array> = streamOf()) {
  const found = []
  for await (const text of textsAt(path, stdin)) found.push(text)
  return found
}

t.test('the manifests below a folder, in their order, and no other file', async t => {
  const folder = t.testdir({ 'b.yml': 'b', 'a.yaml': 'a', 'd.txt': 'd', sub: { 'c.json': 'c' } })
  t.strictSame(await read(folder), [
    { file: join(folder, 'a.yaml'), text: 'a' },
    { file: join(folder, 'b.yml'), text: 'b' },
    { file: join(folder, 'sub/c.json'), text: 'c' },
  ])
  t.match(await read(join(folder, 'd.txt')), [{ text: 'd' }], 'but one that is named')
  t.match(await read(t.testdir({})), [{ fault: /^there is no .yaml, .yml or .json file in .*; give another folder$/ }])
})

t.test('what cannot be read is a fault', async t => {
  t.match(await read(join(t.testdir({}), 'none')), [{ fault: /^cannot read .*none \(ENOENT\); check the path/ }])
})

t.test('standard input is read to its end, and to the limit', async t => {
  t.strictSame(await read('-', streamOf('a', Buffer.from('é'))), [{ file: '-', text: 'aé' }])
  let chunks = 0
  const endless = (async function* () {
    for (;;) {
      chunks += 1
      yield Buffer.alloc(1024 * 1024, ' ')
    }
  })()
  t.strictSame(await read('-', endless), [{ fault: 'standard input is larger than 32 MiB; split it' }])
  t.equal(chunks, 33, 'and no further')
})

t.test('a file that is too large is no manifest', async t => {
  const folder = t.testdir({ 'large.yaml': ' '.repeat(LIMIT + 1) })
  t.match(await read(folder), [{ fault: /large.yaml is larger than 32 MiB; split it/ }])
})

t.test('neither is a device that never ends', { skip: process.platform !== 'linux' }, async t => {
  t.strictSame(await read('/dev/zero'), [{ fault: '/dev/zero is larger than 32 MiB; split it' }])
})

t.test('a pipe is read as a file is', { skip: process.platform === 'win32' }, async t => {
  const pipe = join(t.testdir({}), 'pipe')
  await once(spawn('mkfifo', [pipe]), 'close')
  const written = once(spawn('sh', ['-c', `printf a > ${pipe}`]), 'close')
  t.strictSame(await read(pipe), [{ file: pipe, text: 'a' }])
  await written
})

t.test('UTF-16 is told of, in which a shell of Windows writes', async t => {
  const folder = t.testdir({
    'le.yaml': Buffer.from('\uFEFFa: 1', 'utf16le'),
    'be.yaml': Buffer.from('\uFEFFa: 1', 'utf16le').swap16(),
  })
  t.match(await read(folder), [{ fault: /be.yaml is in UTF-16; save it as UTF-8$/ }, { fault: /le.yaml is in UTF-16/ }])
})
