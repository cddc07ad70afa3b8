import t from 'tap'
import { TextPool } from '../../src/manifests/text-pool.ts'

t.test('a copy is equal in every field, whatever its shape', async t => {
  const value = {
    name: 'web',
    list: ['a', { b: null }],
    written: new Set(['a']),
    flag: true,
    count: 3,
    none: undefined,
  }
  const copy = new TextPool().copy(value)
  t.strictSame(copy, value)
  t.not(copy, value)
  t.not(copy.list, value.list)
})

t.test('each text is held once, and none is a part of the text that it came from', async t => {
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const held = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const pool = new TextPool()
  const before = held()
  const copies = Array.from({ length: 20 }, (_, i) => {
    const file = `${i} ${Buffer.alloc(1_000_000, 97 + i).toString()}`
    return pool.copy({ image: file.slice(0, 40), again: file.slice(0, 40) })
  })
  // Twenty files of a megabyte, of which forty characters are wanted.
  t.ok(held() - before < 4_000_000)
  t.equal(copies.length, 20)
})
