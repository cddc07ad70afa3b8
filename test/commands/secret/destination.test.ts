import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkDestination, writePrivateFile } from '../../../src/commands/secret/destination.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'

const modeOf = (file: string) => (lstatSync(file).mode & 0o777).toString(8)

t.test('a new file is for its owner alone', async t => {
  const file = join(t.testdir(), 'a.yaml')
  await writePrivateFile(file, 'x', false)
  t.strictSame([readFileSync(file, 'utf8'), modeOf(file)], ['x', '600'])
  await t.rejects(writePrivateFile(file, 'y', false), new CommandError(`${file} exists; --force overwrites it`))
  t.equal(readFileSync(file, 'utf8'), 'x')
})

t.test('with force another takes its place, for its owner alone', async t => {
  const folder = t.testdir({ 'a.yaml': 'x' })
  const file = join(folder, 'a.yaml')
  t.not(modeOf(file), '600')
  await writePrivateFile(file, 'y', true)
  t.strictSame([readFileSync(file, 'utf8'), modeOf(file)], ['y', '600'])
  t.strictSame(readdirSync(folder), ['a.yaml'])
})

t.test('a link is not followed, not even with force, and a folder is not a file', async t => {
  const folder = t.testdir({ 'target.yaml': 'x', sub: {} })
  const link = join(folder, 'link')
  symlinkSync(join(folder, 'target.yaml'), link)
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'))
  for (const file of [link, join(folder, 'dangling'), join(folder, 'sub'), '/dev/null']) {
    const fault = new CommandError(`${file} is not a file (a link is not followed); give another: --output-file FILE`)
    for (const force of [false, true]) {
      await t.rejects(checkDestination(file, force), fault)
      await t.rejects(writePrivateFile(file, 'y', force), fault)
    }
  }
  t.equal(readFileSync(join(folder, 'target.yaml'), 'utf8'), 'x')
  t.notOk(existsSync(join(folder, 'nowhere')))
})

t.test('what cannot be written leaves nothing behind', async t => {
  const folder = t.testdir({ file: '' })
  for (const [path, code] of [
    ['none/a.yaml', 'ENOENT'],
    ['file/a.yaml', 'ENOTDIR'],
  ] as const) {
    const file = join(folder, path)
    const fault = new CommandError(`${file} cannot be written (${code}); check the path and its permissions`)
    await t.rejects(writePrivateFile(file, 'y', false), fault)
    await t.rejects(writePrivateFile(file, 'y', true), fault)
  }
  writeFileSync(join(folder, 'last'), '')
  t.strictSame(readdirSync(folder).sort(), ['file', 'last'])
})

t.test('- is standard output elsewhere, and no name of a file here', async t => {
  await t.rejects(
    checkDestination('-', true),
    new CommandError('--output-file wants a file; without it the Secret goes to standard output'),
  )
})
