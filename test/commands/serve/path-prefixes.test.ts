import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readPathPrefixes, watchPathPrefixes } from '../../../src/commands/serve/path-prefixes.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'

const SECRET = '3f9c'.repeat(16)
const file = join(t.testdir(), 'prefixes')

/** A watch alone keeps no process running; here it has to. */
const alive = setInterval(() => {}, 3_600_000)
t.teardown(() => clearInterval(alive))

t.test('a file has a prefix on each line', async t => {
  const cases: readonly [text: string, prefixes: readonly string[]][] = [
    [`/${SECRET}\n`, [`/${SECRET}`]],
    [`/${SECRET}`, [`/${SECRET}`]],
    [`\r\n /${SECRET}\r\n/${'-_'.repeat(64)}\n\n`, [`/${SECRET}`, `/${'-_'.repeat(64)}`]],
    [`/${SECRET}\n/\n`, [`/${SECRET}`, '']],
  ]
  for (const [text, prefixes] of cases) {
    writeFileSync(file, text)
    t.match(await readPathPrefixes(file), { file, prefixes })
  }
})

t.test('anything else is an error that quotes nothing', async t => {
  const how = 'write "/" and 32 to 128 letters, digits, "-" or "_" on each line, or "/" alone for no prefix'
  const cases: readonly [text: string, what: string][] = [
    ['', `${file} is empty`],
    [' \n', `${file} is empty`],
    [SECRET, `line 1 of ${file} is not a prefix`],
    [`/${SECRET}\n/${SECRET}/\n`, `line 2 of ${file} is not a prefix`],
    [`/${SECRET}/mutate`, `line 1 of ${file} is not a prefix`],
    ['/too-short-to-be-a-secret', `line 1 of ${file} is not a prefix`],
    [`/${'a'.repeat(129)}`, `line 1 of ${file} is not a prefix`],
    [`/${SECRET}%41`, `line 1 of ${file} is not a prefix`],
  ]
  for (const [text, what] of cases) {
    writeFileSync(file, text)
    await t.rejects(readPathPrefixes(file), new CommandError(`--path-prefix-file: ${what}; ${how}`))
  }
  const missing = '--path-prefix-file: cannot read none (ENOENT); check the path and its permissions'
  await t.rejects(readPathPrefixes('none'), new CommandError(missing))
})

t.test('a new content is in force at once, and a bad one is refused', async t => {
  writeFileSync(file, `/${SECRET}`)
  const told: unknown[] = []
  let tell = () => {}
  const log = (fields: object, message: string) => {
    told.push([fields, message])
    tell()
  }
  const next = () => new Promise<void>(resolve => (tell = resolve))
  const app = { usePathPrefixes: (prefixes: readonly string[]) => told.push(prefixes) }
  const watched = watchPathPrefixes(await readPathPrefixes(file), app, { info: log, warn: log, error: log })
  t.teardown(() => watched.stop())
  const replace = async (text: string) => {
    const seen = next()
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
    await seen
  }
  await replace(`/${SECRET}\n/\n`)
  t.strictSame(told.splice(0), [
    [`/${SECRET}`, ''],
    [{ file, prefixes: 2 }, 'path prefixes accepted'],
  ])
  await replace('hunter2')
  t.match(told, [[{ fault: /line 1 of/ }, 'path prefixes refused; the last good ones stay in effect']])
  t.notMatch(JSON.stringify(told), /hunter2|3f9c/)
})
