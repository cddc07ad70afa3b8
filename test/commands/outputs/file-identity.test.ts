import { linkSync, mkdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { identify } from '../../../src/commands/outputs/file-identity.ts'

t.test('two paths to one file are equal, whether it is there or not', async t => {
  const folder = t.testdir({ there: '', other: '' })
  const at = (name: string) => join(folder, name)
  linkSync(at('there'), at('hard'))
  mkdirSync(at('sub'))
  symlinkSync(at('sub'), at('folder'))
  symlinkSync('there', at('link'))
  symlinkSync('missing', at('dangling'))
  symlinkSync('dangling', at('to-dangling'))
  for (const name of ['link', 'hard', 'sub/../there'])
    t.equal(identify(`${folder}/${name}`), identify(at('there')), name)
  for (const name of ['dangling', 'to-dangling']) t.equal(identify(at(name)), identify(at('missing')), name)
  t.equal(identify(at('folder/new')), identify(at('sub/new')))
  t.equal(identify(relative(process.cwd(), at('missing'))), identify(at('missing')))
  t.not(identify(at('there')), identify(at('other')))
  t.not(identify(at('missing')), identify(at('missing2')))
  t.equal(identify(at('none/new')), at('none/new'))
})

t.test('links that go round lead nowhere, and end', async t => {
  const folder = t.testdir({})
  symlinkSync('b', join(folder, 'a'))
  symlinkSync('a', join(folder, 'b'))
  t.type(identify(join(folder, 'a')), 'string')
})
