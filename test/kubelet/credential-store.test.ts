import t from 'tap'
import { readStore } from '../../src/kubelet/credential-store.ts'

const storeOf = (config: object) => readStore({ data: JSON.stringify(config), start: 0 })

const cases: readonly [name: string, config: object, store: string | undefined][] = [
  ['none', { auths: {} }, undefined],
  ['a store', { credsStore: 'desktop' }, 'desktop'],
  ['a name in other letters', { CREDSSTORE: 'desktop' }, 'desktop'],
  ['a helper', { credHelpers: { 'ghcr.io': 'gh', 'quay.io': 'q' } }, 'gh'],
  ['a store goes before a helper', { credHelpers: { 'ghcr.io': 'gh' }, credsStore: 'desktop' }, 'desktop'],
  ['what is no text', { credsStore: 7, credHelpers: [] }, undefined],
  ['what could not be the name of a program', { credsStore: 'hunter2 hunter2' }, undefined],
  ['a long one', { credsStore: 'x'.repeat(65) }, undefined],
]

t.test('the credential store or helper that a docker config names', async t => {
  for (const [name, config, store] of cases) t.equal(storeOf(config), store, name)
})
