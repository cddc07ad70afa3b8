import { join } from 'node:path'
import t from 'tap'
import { readSmallFile, readSmallFileSync } from '../../src/runtime/read-small-file.ts'

const LIMIT = 4 * 1024 * 1024

t.test('a file is read whole, up to the limit', async t => {
  const folder = t.testdir({ small: 'é', empty: '', full: 'x'.repeat(LIMIT), large: 'x'.repeat(LIMIT + 1) })
  const both = async (name: string) => {
    const file = join(folder, name)
    const sync = readSmallFileSync(file)
    t.ok(sync.equals(await readSmallFile(file)))
    return sync.toString()
  }
  t.equal(await both('small'), 'é')
  t.equal(await both('empty'), '')
  t.equal((await both('full')).length, LIMIT)
  await t.rejects(readSmallFile(join(folder, 'large')), { code: 'EFBIG' })
  t.throws(() => readSmallFileSync(join(folder, 'large')), { code: 'EFBIG' })
})

t.test('one without an end is given up, and one that is not there is told of by the system', async t => {
  await t.rejects(readSmallFile('/dev/zero'), { code: 'EFBIG' })
  t.throws(() => readSmallFileSync('/dev/zero'), { code: 'EFBIG' })
  await t.rejects(readSmallFile(join(t.testdir({}), 'none')), { code: 'ENOENT' })
  t.throws(() => readSmallFileSync(join(t.testdir({}), 'none')), { code: 'ENOENT' })
})
