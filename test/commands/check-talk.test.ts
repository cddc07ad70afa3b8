import { PassThrough } from 'node:stream'
import t from 'tap'
import { explainNothing, tell } from '../../src/commands/check-talk.ts'
import { Terminal } from '../../src/runtime/terminal.ts'
import { checked, POD as POD_CHECKED } from '../report/checked.ts'

t.test('of many namespaces the first are named', t => {
  const stream = new PassThrough()
  const unknownNamespaces = Array.from({ length: 12 }, (_, i) => `ns-${i}`)
  tell({ ...checked(POD_CHECKED), unknownNamespaces }, new Terminal(stream))
  t.match(String(stream.read()), /of namespace ns-0, .* ns-9 and 2 more is among these files/)
  t.end()
})

t.test('without anything there is nothing to check', t => {
  t.equal(explainNothing([]), 'nothing to check: there is no Kubernetes object in these files')
  t.match(explainNothing([{ file: 'kustomization.yaml', other: 'kustomization' }]), /kubectl kustomize \. \|/)
  t.end()
})

t.test('that near names and causes are left out is said', async t => {
  const stream = new PassThrough()
  tell({ ...checked(POD_CHECKED), unexplained: true }, new Terminal(stream))
  t.match(String(stream.read()), /^regcred: there are too many objects to compare them all: .*; check fewer at once\n$/)
})
