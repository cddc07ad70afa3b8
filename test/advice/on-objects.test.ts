import t from 'tap'
import type { Home } from '../../src/advice/home.ts'
import {
  correctImage,
  correctLabel,
  goOnAdding,
  letThrough,
  listAnother,
  listFewer,
  listSecret,
  lookFurther,
  makeSmaller,
  quoteLabel,
  recreatePod,
  suggestName,
  tryAgain,
  whereInAccount,
} from '../../src/advice/on-objects.ts'

const POD: Home = { isFile: false, list: 'spec.imagePullSecrets', again: 'replace' }
const TEMPLATE: Home = { isFile: false, list: 'spec.template.spec.imagePullSecrets' }
const account = (...references: string[]) => ({ name: 'build', references })
const PATCH = 'kubectl patch serviceaccount build --namespace team-a --patch'
const names = (...all: string[]) => `'${JSON.stringify({ imagePullSecrets: all.map(name => ({ name })) })}'`

t.test('the list of a ServiceAccount, whole, as it should be', async t => {
  const where = 'imagePullSecrets of ServiceAccount "build"'
  const inAccount = (references: string[], wanted: Parameters<typeof whereInAccount>[1], home: Home = TEMPLATE) =>
    whereInAccount(account(...references), wanted, home, 'team-a')
  t.equal(inAccount([], { secret: 'acme' }), `${where}: ${PATCH} ${names('acme')}`)
  t.equal(inAccount(['a', 'amce'], { secret: 'acme', insteadOf: 'amce' }), `${where}: ${PATCH} ${names('a', 'acme')}`)
  t.equal(inAccount(['acme'], { secret: 'acme' }), `${where}: ${PATCH} ${names('acme')}`, 'no name twice')
  t.equal(inAccount([], { secret: 'acme' }, POD), `${where}, then recreate the Pod: ${PATCH} ${names('acme')}`)
  const owned = { ...POD, owner: { kind: 'ReplicaSet', name: 'web', list: undefined } }
  t.equal(inAccount([], { secret: 'acme' }, owned), `${where}: ${PATCH} ${names('acme')}`, 'its owner recreates it')
  t.equal(inAccount([], undefined), where, 'nobody can say which')
  t.equal(inAccount([], { secret: 'acme' }, { ...TEMPLATE, isFile: true }), where, 'it is in a file')
  t.equal(inAccount(['a', 'b', 'c', 'd', 'e'], { secret: 'acme' }), where, 'there are too many to type')
  t.equal(inAccount(['$(id)'], { secret: 'acme' }), where, 'one of them is no name')
})

t.test('the list of an object', async t => {
  t.equal(suggestName('acme', 'spec.x').text, 'did you mean "acme"? Write it in spec.x')
  t.equal(listSecret('acme', 'spec.x').text, 'add "acme" to spec.x')
  t.equal(listAnother('spec.x', true).text, 'add one to spec.x')
  t.equal(listAnother('spec.x', false).text, 'add one that has them to spec.x')
  t.equal(listFewer().text, 'list fewer')
})

t.test('a Pod is made again only where nothing else makes it', async t => {
  t.strictSame(recreatePod('acme', POD, 'team-a'), {
    kind: 'recreatePod',
    text: 'recreate the Pod: kubectl replace --force --namespace team-a -f FILE',
  })
  t.strictSame(recreatePod('acme', TEMPLATE, 'team-a'), {
    kind: 'listSecret',
    text: 'add "acme" to spec.template.spec.imagePullSecrets',
  })
})

t.test('an image', async t => {
  t.equal(correctImage('ghcr.io/a/b', TEMPLATE).text, 'write "ghcr.io/a/b"')
  t.equal(correctImage(undefined, TEMPLATE).text, 'write host/path:tag or host/path@sha256:…')
})

t.test('a label', async t => {
  const label = 'regcred.dev/mode'
  const correct = (value?: string, isFile = false, namespace = 'team-a') =>
    correctLabel(namespace, label, value, ['off', 'warn'], isFile).text
  t.equal(correct('warn'), 'did you mean "warn"? kubectl label --overwrite namespace team-a regcred.dev/mode=warn')
  t.equal(correct(), 'use one of off, warn, or remove it: kubectl label namespace team-a regcred.dev/mode-')
  t.equal(correct('warn', true), 'did you mean "warn"?')
  t.equal(correct(undefined, true), 'use one of off, warn')
  t.equal(correct('warn', false, '$(id)'), 'did you mean "warn"?')
  t.equal(quoteLabel(true).text, 'write "off" in quotes')
  t.equal(quoteLabel(false).text, 'put it in quotes')
})

t.test('a refusal, and what else is said of an object', async t => {
  t.match(letThrough('team-a', 'l').text, /kubectl label --overwrite namespace team-a l=warn$/)
  t.match(goOnAdding('team-a', 'l').text, /kubectl label --overwrite namespace team-a l=enabled$/)
  t.equal(tryAgain().text, 'try again')
  t.equal(makeSmaller().text, 'use fewer images or pull secrets')
  t.match(lookFurther().text, /regcred check FILE$/)
})
