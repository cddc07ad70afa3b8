import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { installHelpers, keychain } from '../../logins/helper-program.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { Reader } from './follow.ts'

/*
 * What `regcred secret` prints, piped into kubectl: the API server takes it, and of what is stored then neither the webhook nor
 * `regcred check` finds anything wrong. test/commands/secret types the page of the command without a cluster.
 */

const { controlPlane } = await withCluster(t, { mode: 'warn' })
const { kubectl } = controlPlane
const folder = t.testdir()
const reader = await Reader.at(controlPlane, folder)
const HERE = 'made-by-regcred'

t.before(async () => {
  installHelpers(join(folder, 'bin'), { store: keychain({ 'ghcr.io': ['janedoe', 'pw'] }) })
  await mkdir(join(folder, '.docker'))
  const auths = { 'ghcr.io': {}, 'quay.io': { auth: btoa('joe:pw') } }
  await writeFile(join(folder, '.docker/config.json'), JSON.stringify({ auths, credsStore: 'store' }))
  outputOf(await apply(kubectl, namespace(HERE)))
})

/** The Secret as it is stored. */
async function stored(name: string) {
  return JSON.parse(outputOf(await kubectl(['get', 'secret', name, `--namespace=${HERE}`, '--output=json'])))
}

/** The users of the docker config that is stored, by registry. */
async function usersOf(name: string): Promise<Record<string, string>> {
  const { type, data } = await stored(name)
  t.equal(type, 'kubernetes.io/dockerconfigjson')
  const { auths } = JSON.parse(atob(data['.dockerconfigjson']))
  return Object.fromEntries(Object.entries<{ auth: string }>(auths).map(([key, { auth }]) => [key, atob(auth)]))
}

t.test('of the logins of a machine: created, and then unchanged', async t => {
  const typed = `regcred secret machine -n ${HERE} --from-docker --server ghcr.io --server quay.io/acme | kubectl apply -f -`
  const stderr = [
    'regcred: ghcr.io: user janedoe, from docker-credential-store\n',
    `regcred: quay.io/acme: user joe, from ${join(folder, '.docker/config.json')}\n`,
  ].join('')
  t.same(await reader.type(typed), { code: 0, stdout: 'secret/machine created\n', stderr })
  t.strictSame(await usersOf('machine'), { 'ghcr.io': 'janedoe:pw', 'quay.io/acme': 'joe:pw' })
  t.same(await reader.type(typed), { code: 0, stdout: 'secret/machine unchanged\n', stderr })
})

t.test('of a password on standard input, as JSON', async t => {
  const typed = `echo 'tökén' | regcred secret typed -n ${HERE} --server ghcr.io --username ci --password-stdin -o json | kubectl apply -f -`
  t.same(await reader.type(typed), { code: 0, stdout: 'secret/typed created\n', stderr: '' })
  t.strictSame(await usersOf('typed'), { 'ghcr.io': 'ci:t\xc3\xb6k\xc3\xa9n' })
})

/** Texts that YAML 1.1, as kubectl reads it, may take for something else. */
const LIKE_OTHERS = [
  ...['yes', 'y', 'N', 'off', 'null', '~', '', '012', '0o14', '0x1F', '1_000', '1e3', '1:20', '.inf', '2026-01-01'],
  ...['=', '<<', '*a', '&a', '!a', '- a', '# a', 'a: b', ' a', 'a ', '\t', '%a', '@a', '`a', '---', '{}', '?', '+1'],
].map((text, i): [string, string] => [`example.com/like-${i}`, text])

t.test('of a Secret with the wrong type, with all that is its own', async t => {
  const annotations = { 'example.com/odd': 'a\u202eb\n\u{e0001}"\\ ', ...Object.fromEntries(LIKE_OTHERS) }
  const config = { auths: { 'ghcr.io': { username: 'u', password: 'p' }, 'quay.io': {} } }
  const opaque = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'hub', namespace: HERE, labels: { app: 'web' }, annotations },
    stringData: { 'config.json': JSON.stringify(config), other: 'x' },
  }
  outputOf(await apply(kubectl, opaque))
  const before = await stored('hub')
  const typed = `kubectl get secret hub -n ${HERE} -o json | regcred secret hub --from - | kubectl replace --force -f -`
  const { code, stdout, stderr } = await reader.type(typed)
  t.equal(code, 0, stderr)
  t.equal(stdout.split('\n').at(-2), 'secret/hub replaced')
  t.equal(
    stderr,
    'regcred: its docker config moves from config.json to .dockerconfigjson\nregcred: left out "quay.io": it has no user name and password\n',
  )
  t.strictSame(await usersOf('hub'), { 'ghcr.io': 'u:p' })
  const { metadata, data } = await stored('hub')
  t.not(metadata.uid, before.metadata.uid)
  t.strictSame([metadata.labels, metadata.annotations, data.other], [{ app: 'web' }, annotations, btoa('x')])
})

t.test('of all that is stored regcred check finds nothing wrong', async t => {
  const { code, stdout, stderr } = await reader.type(
    `kubectl get secrets -n ${HERE} -o yaml | regcred check --fail-on note`,
  )
  t.same({ code, stdout }, { code: 0, stdout: '3 objects checked: 0 errors, 0 warnings, 0 notes\n' }, stderr)
})
