import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { textsAt } from '../../src/manifests/texts.ts'

const LIMIT = 32 * 1024 * 1024

async function* streamOf(...chunks: (string | Uint8Array)[]) {
  yield* chunks
}

async function read(
  path: string,
  stdin: AsyncIterable<string | Uint8Array> = streamOf(),
  isExcluded?: (path: string) => boolean,
) {
  const found = []
  for await (const text of textsAt(path, stdin, isExcluded)) found.push(text)
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
  t.match(await read(t.testdir({})), [{ fault: { message: /^there is no .yaml, .yml or .json file in this folder/ } }])
})

t.test('files and charts below a folder may be excluded, but one that is named', async t => {
  const folder = t.testdir({ 'a.yaml': 'a', 'b.yaml': 'b', chart: { 'Chart.yaml': 'c' } })
  const all = () => true
  const isB = (path: string) => path === join(folder, 'b.yaml') || path === join(folder, 'chart')
  t.strictSame(await read(folder, undefined, isB), [{ file: join(folder, 'a.yaml'), text: 'a' }])
  t.match(await read(folder, undefined, all), [{ fault: { message: /^all manifests in this folder are excluded/ } }])
  t.match(await read(join(folder, 'a.yaml'), undefined, all), [{ text: 'a' }])
})

t.test('what cannot be read is a fault', async t => {
  t.match(await read(join(t.testdir({}), 'none')), [{ fault: { file: /none$/, message: 'no such file or folder' } }])
  const file = join(t.testdir({ file: '' }), 'file/below')
  t.match(await read(file), [{ fault: { message: 'cannot be read (ENOTDIR); check the path and its permissions' } }])
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
  t.strictSame(await read('-', endless), [{ fault: { file: '-', message: 'larger than 32 MiB; split it' } }])
  t.equal(chunks, 33, 'and no further')
})

t.test('a file that is too large is no manifest', async t => {
  const folder = t.testdir({ 'large.yaml': ' '.repeat(LIMIT + 1) })
  t.match(await read(folder), [{ fault: { file: /large.yaml$/, message: 'larger than 32 MiB; split it' } }])
})

t.test('neither is a device that never ends', { skip: process.platform !== 'linux' }, async t => {
  t.strictSame(await read('/dev/zero'), [{ fault: { file: '/dev/zero', message: 'larger than 32 MiB; split it' } }])
})

t.test('a pipe is read as a file is', { skip: process.platform === 'win32' }, async t => {
  const pipe = join(t.testdir({}), 'pipe')
  await once(spawn('mkfifo', [pipe]), 'close')
  const written = once(spawn('sh', ['-c', `printf a > ${pipe}`]), 'close')
  t.strictSame(await read(pipe), [{ file: pipe, text: 'a' }])
  await written
})

t.test('UTF-16 with a byte order mark is read, as kubectl reads it', async t => {
  const folder = t.testdir({
    'be.yaml': Buffer.from('\uFEFFa: é', 'utf16le').swap16(),
    'le.yaml': Buffer.from('\uFEFFa: é', 'utf16le'),
  })
  t.match(await read(folder), [{ text: 'a: é' }, { text: 'a: é' }])
})

t.test('what is no text is a fault', async t => {
  t.match(await read('-', streamOf(Buffer.from([0x7f, 0x45, 0, 1]))), [{ fault: { message: /^not text/ } }])
})

t.test('text in another encoding is a fault, wherever it breaks', async t => {
  const fault = [{ fault: { message: 'not text in UTF-8; save it as UTF-8' } }]
  const latin = Buffer.from('name: caf\xe9', 'latin1')
  t.match(await read('-', streamOf(latin)), fault, 'at the end')
  t.match(await read('-', streamOf(Buffer.from([0xe9, 0x20, 0x20]))), fault, 'at the begin')
  t.match(await read('-', streamOf(Buffer.from([0xe9]))), fault, 'in the only byte')
  t.match(await read('-', streamOf(Buffer.from([0xff]))), fault, 'in one that begins nothing')
  t.match(await read('-', streamOf(Buffer.from('abc'), latin, Buffer.from('\xe9 b', 'latin1'))), fault, 'in the middle')
  t.match(
    await read('-', streamOf(Buffer.from('name: caf'), Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1))),
    [{ text: 'name: café' }],
  )
})

t.test('a folder that is a Helm chart is not read, nor what is below it', async t => {
  const chart = () => ({ 'Chart.yaml': 'a', 'values.yaml': 'b', templates: { 'a.yaml': 'c' } })
  const folder = t.testdir({ 'a.yaml': 'a', web: { ...chart(), charts: { db: chart() } }, webs: { 'b.yaml': 'b' } })
  t.strictSame(await read(folder), [
    { file: join(folder, 'web'), other: 'chart' },
    { file: join(folder, 'a.yaml'), text: 'a' },
    { file: join(folder, 'webs/b.yaml'), text: 'b' },
  ])
  t.strictSame(await read(join(folder, 'web')), [{ file: join(folder, 'web'), other: 'chart' }], 'given itself')
  t.match(await read(join(folder, 'web/templates')), [{ text: 'c' }], 'but a folder in it, if it is asked for')
})

t.test('a file of a folder that cannot be read keeps no other from being read', async t => {
  const folder = t.testdir({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c' })
  const found = []
  for await (const text of textsAt(folder, streamOf())) {
    found.push(text)
    // Somebody removes it meanwhile.
    await rm(join(folder, 'b.yaml'), { force: true })
  }
  t.match(found, [{ text: 'a' }, { fault: { message: /^cannot be read \(ENOENT\)/ } }, { text: 'c' }])
})
