import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { append, writeWhole } from '../../../src/commands/outputs/write-whole.ts'

t.test('a file is there whole, old or new, and nothing is left beside it', async t => {
  const folder = t.testdir({ old: 'before' })
  t.equal(await writeWhole(join(folder, 'old'), 'after'), undefined)
  t.equal(await writeWhole(join(folder, 'new'), 'text'), undefined)
  t.equal(readFileSync(join(folder, 'old'), 'utf8'), 'after')
  t.equal(readFileSync(join(folder, 'new'), 'utf8'), 'text')
  t.strictSame(readdirSync(folder).sort(), ['new', 'old'])
})

t.test('who may read a file that is written over stays as it was', async t => {
  const folder = t.testdir({ secret: 'before', open: 'before' })
  chmodSync(join(folder, 'secret'), 0o640)
  chmodSync(join(folder, 'open'), 0o666)
  for (const name of ['secret', 'open']) t.equal(await writeWhole(join(folder, name), 'after'), undefined)
  t.equal(statSync(join(folder, 'secret')).mode & 0o777, 0o640)
  t.equal(statSync(join(folder, 'open')).mode & 0o777, 0o666)
})

t.test('a link stays, and what it leads to is written', async t => {
  const folder = t.testdir({ real: 'before' })
  symlinkSync(join(folder, 'real'), join(folder, 'link'))
  t.equal(await writeWhole(join(folder, 'link'), 'after'), undefined)
  t.equal(readFileSync(join(folder, 'real'), 'utf8'), 'after')
  t.ok(lstatSync(join(folder, 'link')).isSymbolicLink())
})

t.test('what is no file is written to as it is', async t => {
  t.equal(await writeWhole('/dev/null', 'text'), undefined)
  t.ok(lstatSync('/dev/null').isCharacterDevice())
})

t.test('what cannot be written is said in words, and leaves nothing behind', async t => {
  const folder = t.testdir({})
  mkdirSync(join(folder, 'sub'))
  t.equal(await writeWhole(join(folder, 'none/a'), 'text'), 'no such file or directory')
  t.equal(await writeWhole(join(folder, 'sub'), 'text'), 'illegal operation on a directory')
  t.strictSame(readdirSync(folder), ['sub'])
})

t.test('what is added to a file stands apart from what is there, and knows how much that is', async t => {
  const folder = t.testdir({ summary: 'before' })
  const taken: number[] = []
  const write = (bytes: number) => {
    taken.push(bytes)
    return 'text'
  }
  t.equal(await append(join(folder, 'summary'), write), undefined)
  t.equal(await append(join(folder, 'new'), write), undefined)
  t.equal(readFileSync(join(folder, 'summary'), 'utf8'), 'before\n\ntext')
  t.equal(readFileSync(join(folder, 'new'), 'utf8'), 'text')
  t.strictSame(taken, [8, 0])
  t.equal(await append(join(folder, 'none/a'), write), 'no such file or directory')
})
