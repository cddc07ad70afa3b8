import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withCluster } from './fixture.ts'
import { outputOf } from './kubectl.ts'

// The walkthrough "Pull an Image from a Private Registry", and each way in which it says that it can go wrong. Whether the
// image is pulled then, and what the kubelet's events say, needs a node and is out of reach here.

const { controlPlane } = await withCluster(t)
const { kubectl } = controlPlane
const POD = readFileSync(join(import.meta.dirname, '../../examples/private-reg-pod.yaml'), 'utf8')
const SERVER = 'your.private.registry.example.com'
const IMAGE = `${SERVER}/janedoe/jdoe-private:v1`
const BY_HAND = [
  ...['create', 'secret', 'docker-registry', 'regcred', `--docker-server=${SERVER}`, '--docker-username=janedoe'],
  ...['--docker-password=xxxxxxxxxxx', '--docker-email=jdoe@example.com'],
]

/** Applies the walkthrough's Pod under another name, naming this secret. */
async function apply(name: string, secret: string, ...args: string[]) {
  const input = POD.replace('name: private-reg\n', `name: ${name}\n`).replace('- name: regcred', `- name: ${secret}`)
  return await kubectl(['apply', '-f', '-', ...args], { input })
}

async function referencesOf(pod: string): Promise<string> {
  return outputOf(await kubectl(['get', 'pod', pod, '-o', 'jsonpath={.spec.imagePullSecrets}']))
}

t.test('a secret from a config.json, its inspection, and the Pod with it', async t => {
  const config = { auths: { [SERVER]: { auth: Buffer.from('janedoe:xxxxxxxxxxx').toString('base64') } } }
  const file = join(t.testdir({ 'config.json': JSON.stringify(config) }), 'config.json')
  const type = '--type=kubernetes.io/dockerconfigjson'
  const made = await kubectl(['create', 'secret', 'generic', 'regcred', `--from-file=.dockerconfigjson=${file}`, type])
  t.match(made, { code: 0, stdout: 'secret/regcred created\n', stderr: '' })
  const held = outputOf(await kubectl(['get', 'secret', 'regcred', '-o', 'jsonpath={.data.\\.dockerconfigjson}']))
  t.strictSame(JSON.parse(Buffer.from(held, 'base64').toString()), config)
  t.match(await apply('from-file', 'regcred'), { code: 0, stdout: 'pod/from-file created\n', stderr: '' })
  t.equal(await referencesOf('from-file'), '[{"name":"regcred"}]')
  outputOf(await kubectl(['delete', 'secret', 'regcred']))
})

t.test('a secret from the command line, and the Pod with it', async t => {
  t.match(await kubectl(BY_HAND), { code: 0, stdout: 'secret/regcred created\n', stderr: '' })
  t.match(await apply('private-reg', 'regcred'), { code: 0, stdout: 'pod/private-reg created\n', stderr: '' })
  t.equal(await referencesOf('private-reg'), '[{"name":"regcred"}]')
  const again = await apply('private-reg', 'regcred')
  t.match(again, { code: 0, stdout: 'pod/private-reg unchanged\n', stderr: '' })
})

t.test('what the API server itself says of a bad .dockerconfigjson', async t => {
  const secret = (data: string) => `apiVersion: v1
kind: Secret
metadata: {name: myregistrykey}
type: kubernetes.io/dockerconfigjson
data: {.dockerconfigjson: "${data}"}
`
  const cut = await kubectl(['apply', '-f', '-'], { input: secret('bad base64') })
  t.not(cut.code, 0)
  t.match(cut.stderr, /illegal base64 data/)
  const text = await kubectl(['apply', '-f', '-'], { input: secret(Buffer.from('no JSON').toString('base64')) })
  t.not(text.code, 0)
  t.match(text.stderr, /The Secret "myregistrykey" is invalid: data\[\.dockerconfigjson\]: Invalid value/)
})

t.test('a misspelt secret', async t => {
  const { stdout, stderr } = await apply('misspelt', 'regcerd')
  t.equal(stdout, 'pod/misspelt created\n')
  t.equal(
    stderr,
    'Warning: Pod misspelt: pull secret "regcerd" is not in namespace "default"; did you mean "regcred"?\n',
  )
  t.equal(await referencesOf('misspelt'), '[{"name":"regcerd"},{"name":"regcred"}]', 'and what would cover it is added')
})

t.test('a secret of the wrong type', async t => {
  outputOf(await kubectl(['create', 'secret', 'generic', 'opaque', '--from-literal=.dockerconfigjson={}']))
  const { stdout, stderr } = await apply('wrong-type', 'opaque')
  t.equal(stdout, 'pod/wrong-type created\n')
  t.equal(
    stderr,
    'Warning: Pod wrong-type: Secret "opaque" is no pull secret, so the kubelet skips it; recreate it: kubectl create secret docker-registry opaque\n',
  )
})

t.test('a secret in another namespace, and one that is missing', async t => {
  outputOf(await kubectl(['create', 'namespace', 'awesomeapps']))
  const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\n'
  outputOf(await kubectl(['apply', '-n', 'awesomeapps', '-f', '-'], { input: account }))
  const { stdout, stderr } = await apply('elsewhere', 'regcred', '-n', 'awesomeapps')
  t.equal(stdout, 'pod/elsewhere created\n')
  t.equal(
    stderr,
    'Warning: Pod elsewhere: pull secret "regcred" is not in namespace "awesomeapps"; create it there or correct the reference\n',
  )
})

t.test('enforce refuses with a message that says what to do, on a dry run as well', async t => {
  outputOf(await kubectl(['label', 'namespace', 'awesomeapps', 'regcred.dev/mode=enforce']))
  const config = 'UPPER CASE'
  for (const dryRun of [[], ['--dry-run=server']]) {
    const input = POD.replace('name: private-reg\n', 'name: refused\n').replace(IMAGE, config)
    const { code, stderr } = await kubectl(['apply', '-n', 'awesomeapps', '-f', '-', ...dryRun], { input })
    t.not(code, 0)
    t.match(
      stderr,
      /denied the request: Pod refused: image "UPPER CASE" of container "private-reg-container" is no valid image name; correct it \(label regcred.dev\/mode=warn on namespace awesomeapps lets it through with a warning\)/,
    )
  }
})
