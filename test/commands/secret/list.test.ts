import { PassThrough } from 'node:stream'
import t from 'tap'
import { jsonOf, tableOf } from '../../../src/commands/secret/list.ts'
import { Terminal } from '../../../src/runtime/terminal.ts'

const rows = (...logins: Parameters<typeof tableOf>[0]) => tableOf(logins, new Terminal(new PassThrough())).map(String)

t.test('a table in columns; without a user there is a dash', async t => {
  t.strictSame(
    rows({ registry: 'ghcr.io', user: 'jan\xc3\xa9', keptIn: 'desktop' }, { registry: 'a', user: '', keptIn: 'pass' }),
    ['REGISTRY  USER  KEPT IN', 'ghcr.io   jané  desktop', 'a         -     pass'],
  )
})

t.test('for programs it is JSON, in which nothing is cut', async t => {
  const registry = `a\u202e${'x'.repeat(1000)}`
  const json = jsonOf([
    { registry, user: 'jan\xc3\xa9', keptIn: 'desktop' },
    { registry: 'a', user: '', keptIn: 'pass' },
  ])
  t.notMatch(json, '\u202e')
  t.strictSame(JSON.parse(json), [
    { registry, keptIn: 'desktop', user: 'jané' },
    { registry: 'a', keptIn: 'pass' },
  ])
})

t.test('what cannot be seen is written as an escape, and what is long is cut', async t => {
  const [, row = ''] = rows({ registry: 'a\u001b[2J\nb', user: 'u\u009b', keptIn: 'x'.repeat(1000) })
  t.match(row, /^a\\u001b\[2J\\u000ab {2}u.* {2}x{99}…$/)
})
