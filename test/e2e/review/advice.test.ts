import t from 'tap'
import { type KubectlResult, outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  dockerConfig,
  fileOf,
  IMAGE,
  type Manifest,
  namespace,
  opaqueSecret,
  pod,
  pullSecret,
  REGISTRY,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'

/*
 * What a message advises is typed here as it stands there, in the namespace that it is about, with nothing but FILE put in. Then
 * what was said is said no more.
 */

const { controlPlane } = await withCluster(t, {
  config: { registries: { private: [REGISTRY] }, inject: { match: false }, mode: 'audit' },
})
const { kubectl } = controlPlane
const folder = t.testdir({
  'config.json': JSON.stringify({ auths: { [REGISTRY]: { username: 'u', password: 'not-a-password-of-advice' } } }),
})

/** Types a command: of one pipe each side reads what the other wrote. */
async function type(command: string, where: string, file = `${folder}/config.json`): Promise<KubectlResult> {
  let input = ''
  let result: KubectlResult = { code: 0, stdout: '', stderr: '' }
  for (const part of command.replace('FILE', file).split(' | ')) {
    const [program, ...args] = part.split(' ')
    t.equal(program, 'kubectl')
    result = await kubectl([...args, `--namespace=${where}`], { input })
    input = outputOf(result)
  }
  return result
}

const labelled = (name: string, mode: string) => namespace(name, { labels: { 'regcred.dev/mode': mode } })
const web = (where: string, ...references: string[]) => pod(where, 'web', { images: [IMAGE], references })
/** What a Pod is told, without being stored. */
const tryPod = (where: string, ...references: string[]) =>
  kubectl(['create', '-f', '-', '--dry-run=server'], { input: fileOf(web(where, ...references)) })

const secrets: { name: string; secret: (where: string) => Manifest }[] = [
  { name: 'of another type', secret: where => opaqueSecret(where, 'regcred') },
  {
    name: 'that is broken',
    secret: where => dockerConfig(where, 'regcred', { auths: { a: { auth: 'bm9jb2xvbg==' } } }),
  },
  { name: 'without credentials', secret: where => dockerConfig(where, 'regcred', { auths: {} }) },
  {
    name: 'of a login that went elsewhere',
    secret: where => dockerConfig(where, 'regcred', { credsStore: 'desktop' }),
  },
]

for (const [i, { name, secret }] of secrets.entries()) {
  t.test(`a Secret ${name} is recreated by the command`, async t => {
    const where = `secret-${i}`
    outputOf(await apply(kubectl, labelled(where, 'warn')))
    await apply(kubectl, secret(where))
    const before = await tryPod(where, 'regcred')
    const [, command = ''] = /recreate it: (kubectl .* -f -)$/m.exec(before.stderr) ?? []
    t.not(command, '', before.stderr)
    t.match(await type(command, where), { code: 0, stdout: /secret\/regcred replaced\n$/, stderr: '' })
    t.same(await tryPod(where, 'regcred'), { code: 0, stdout: 'pod/web created (server dry run)\n', stderr: '' })
  })
}

t.test('where the file is no docker config, nothing is replaced', async t => {
  outputOf(await apply(kubectl, labelled('no-file', 'warn')))
  await apply(kubectl, opaqueSecret('no-file', 'regcred'))
  const [, command = ''] = /recreate it: (kubectl .* -f -)$/m.exec((await tryPod('no-file', 'regcred')).stderr) ?? []
  await t.rejects(type(command, 'no-file', `${folder}/none`))
  t.equal((await kubectl(['get', 'secret', 'regcred', '--namespace=no-file'])).code, 0)
})

t.test('the command of a refusal lets the object through', async t => {
  outputOf(await apply(kubectl, labelled('strict', 'enforce')))
  const refused = await tryPod('strict', 'gone')
  t.not(refused.code, 0)
  const [, command = ''] = /\(to let it through: (kubectl .*)\)/.exec(refused.stderr) ?? []
  t.equal((await type(command, 'strict')).code, 0, command)
  t.equal((await tryPod('strict', 'gone')).code, 0)
})

t.test('the command of a label that stops injection brings it back', async t => {
  const annotations = { 'regcred.dev/pull-secrets': 'acme' }
  const made = namespace('stopped', { labels: { 'regcred.dev/mode': 'warn' }, annotations })
  outputOf(await apply(kubectl, made, pullSecret('stopped', 'acme', REGISTRY)))
  const stop = await kubectl(['label', '--overwrite', 'namespace', 'stopped', 'regcred.dev/mode=audit'])
  const [, command = ''] = /to go on adding them: (kubectl .*)$/m.exec(stop.stderr) ?? []
  const referencesOf = async () => {
    const created = await kubectl(
      ['create', '-f', '-', '--dry-run=server', '-o', 'jsonpath={.spec.imagePullSecrets}'],
      {
        input: fileOf(pod('stopped', 'web', { images: [IMAGE] })),
      },
    )
    return outputOf(created)
  }
  t.equal(await referencesOf(), '', 'audit changes nothing')
  t.equal((await type(command, 'stopped')).code, 0, command)
  t.equal(await referencesOf(), '[{"name":"acme"}]')
})

t.test('a Pod with the name that was meant is made again from its file', async t => {
  outputOf(await apply(kubectl, labelled('near', 'warn'), pullSecret('near', 'acme', REGISTRY)))
  const made = await apply(kubectl, web('near', 'amce'))
  const [, meant = ''] = /did you mean "([^"]+)"\?/.exec(made.stderr) ?? []
  t.equal(meant, 'acme')
  const again = await kubectl(['replace', '--force', '-f', '-'], { input: fileOf(web('near', meant)) })
  t.same(again.stderr, '')
  t.equal(again.code, 0)
})
