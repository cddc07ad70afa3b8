import t from 'tap'
import { writeTold } from '../../src/advice/advice.ts'
import { checkManifests } from '../../src/engine/check-manifests.ts'
import { findInText } from '../../src/manifests/read.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'

const RULEBOOK = prepareRulebook({ ...defaultSettings, inject: { ...defaultSettings.inject, match: false } })

async function check(text: string): Promise<string[]> {
  const { objects, errors } = await checkManifests(findInText('f.yaml', text), RULEBOOK, {
    ...{ namespace: 'team-a', strict: false, now: () => 0 },
  })
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return objects.flatMap(({ findings }) => findings.map(writeTold))
}

const secret = (name: string, auths: object) =>
  `{apiVersion: v1, kind: Secret, metadata: {name: ${name}}, type: kubernetes.io/dockerconfigjson, stringData: {.dockerconfigjson: '${JSON.stringify({ auths })}'}}`
const GOOD = secret('acme', { 'registry.example.com': { username: 'u', password: 'p' } })
const pod = (spec: string, metadata = '') =>
  `{apiVersion: v1, kind: Pod, metadata: {name: web${metadata}}, spec: {containers: [{name: web, image: registry.example.com/web}]${spec}}}`
const file = (...objects: string[]) => objects.join('\n---\n')

/** What `check` says of a file, all of it, and the file as its author changes it then. */
const cases: readonly { name: string; wrong: string; says: readonly RegExp[]; right: string }[] = [
  {
    name: 'a name, where it is written',
    wrong: file(GOOD, pod(', imagePullSecrets: [{name: amce}]')),
    says: [
      /; did you mean "acme"\? Write it in spec.imagePullSecrets$/,
      /but "acme" has them; add "acme" to spec.imagePullSecrets$/,
    ],
    right: file(GOOD, pod(', imagePullSecrets: [{name: acme}]')),
  },
  {
    name: 'a label that is no string',
    wrong: '{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {regcred.dev/mode: false}}}',
    says: [/label regcred.dev\/mode is false, .*; write "off" in quotes$/],
    right: '{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {regcred.dev/mode: "off"}}}',
  },
  {
    name: 'an annotation that is no string',
    wrong: '{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {regcred.dev/pull-secrets: 5}}}',
    says: [/annotation regcred.dev\/pull-secrets is 5, .*; put it in quotes$/],
    right: '{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {regcred.dev/pull-secrets: "5"}}}',
  },
  {
    name: 'a label with an unknown value, without a command: nothing has been applied yet',
    wrong: '{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {regcred.dev/mode: enfroce}}}',
    says: [/; did you mean "enforce"\?$/],
    right: '{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {regcred.dev/mode: enforce}}}',
  },
]

for (const { name, wrong, says, right } of cases) {
  t.test(`what is advised about a file: ${name}`, async t => {
    const said = await check(wrong)
    t.equal(said.length, says.length, said.join('\n'))
    for (const [i, line] of says.entries()) t.match(said[i], line)
    t.strictSame(await check(right), [])
  })
}

t.test('a file that a tool installs is the manifest itself; what a cluster printed is not', async t => {
  const labels = ', labels: {app.kubernetes.io/managed-by: Helm}'
  const wrong = (metadata: string) => file(GOOD, pod(', imagePullSecrets: [{name: amce}]', metadata))
  t.notMatch((await check(wrong(labels))).join(), 'Git')
  const [said] = await check(wrong(`${labels}, uid: u-1`))
  t.match(
    said,
    /Write it in spec.imagePullSecrets; change it in Git, in the chart or its values, since Helm installed it$/,
  )
  const owner = ', ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: web, controller: true}]'
  const [owned] = await check(wrong(`${owner}, uid: u-1`))
  t.match(owned, /Write it in spec.template.spec.imagePullSecrets of its DaemonSet "web"$/)
  const [bare] = await check(wrong(', uid: u-1'))
  t.match(bare, /Write it in spec.imagePullSecrets, then: kubectl replace --force --namespace team-a -f FILE$/)
})
