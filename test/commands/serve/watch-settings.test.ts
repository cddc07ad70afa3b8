import t from 'tap'
import { keepView } from '../../../src/commands/serve/watch-settings.ts'
import { defaultSettings, type Settings } from '../../../src/policy/settings.ts'

const contents: Settings = { ...defaultSettings, mode: 'audit' }
const names: Settings = { ...contents, view: { secrets: 'names' }, inject: { ...contents.inject, match: false } }

t.test('how much of a Secret is received stays as it was at the start', async t => {
  t.equal(keepView(contents, { secrets: 'contents' }), contents)
  t.equal(keepView(names, { secrets: 'names' }), names)
  t.strictSame(keepView(contents, { secrets: 'names' }), names, 'and nothing is matched without contents')
  t.strictSame(keepView(names, { secrets: 'contents' }), { ...contents, inject: names.inject })
})
