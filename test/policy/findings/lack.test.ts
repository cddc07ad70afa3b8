import t from 'tap'
import type { Entry } from '../../../src/kubelet/entry.ts'
import { explainLack, explainLacks } from '../../../src/policy/findings/lack.ts'
import { pullSecret } from '../pod-case.ts'

const NOBODY: Entry = { key: 'a', usable: false }
const USER: Entry = { ...NOBODY, onlyUser: true }
const TOKEN: Entry = { ...USER, token: true }

t.test('why an entry is not usable', async t => {
  const token = 'only an identity token, which the kubelet does not use'
  t.equal(explainLack(NOBODY, undefined), 'has no user name')
  t.equal(
    explainLack(NOBODY, 'desktop'),
    'has no user name, and the kubelet does not ask the credential store "desktop"',
  )
  t.equal(
    explainLack(USER, 'desktop'),
    'has no password',
    'where a store holds credentials, it holds the user name too',
  )
  t.equal(explainLack(TOKEN, 'desktop'), `has no password, ${token}`)
  t.equal(explainLack({ ...NOBODY, token: true }, undefined), `has no user name, ${token}`)
})

t.test('why a pull secret holds nothing, each reason once', async t => {
  const lacks = (store: string | undefined, ...entries: Entry[]) =>
    explainLacks({ ...pullSecret('s'), entries, ...(store && { store }) })
  t.equal(lacks(undefined), '')
  t.equal(lacks(undefined, NOBODY, NOBODY), ', as there is no user name')
  t.equal(lacks('desktop', NOBODY), ', only the name of the credential store "desktop"')
  t.equal(
    lacks(undefined, TOKEN, USER, NOBODY),
    ', only an identity token, which the kubelet does not use, as there is no password, as there is no user name',
  )
})
