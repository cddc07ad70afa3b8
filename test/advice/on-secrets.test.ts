import t from 'tap'
import {
  completeEntry,
  correctRegistry,
  createSecret,
  recreateSecret,
  renewCredentials,
  trimPassword,
} from '../../src/advice/on-secrets.ts'

const CLUSTER = { isFile: false, namespace: 'team-a' }
const FILE = { isFile: true, namespace: 'team-a' }
const CREATE = 'kubectl create secret docker-registry acme --namespace team-a --from-file=.dockerconfigjson=FILE'
const PRINT = `${CREATE} --dry-run=client -o yaml`
const REPLACE = `${PRINT} | kubectl replace --force -f -`
const IGNORE = { annotation: 'regcred.dev/ignore', value: 'CredentialsDoubtful' }

t.test('a Secret in a cluster is replaced, and one in a file printed', async t => {
  t.equal(recreateSecret('acme', CLUSTER).text, `recreate it: ${REPLACE}`)
  t.equal(recreateSecret('acme', FILE).text, `write it anew: ${PRINT}`)
  t.equal(renewCredentials('acme', CLUSTER).text, `renew them: ${REPLACE}`)
  t.equal(renewCredentials('acme', FILE).text, `renew them: ${PRINT}`)
  t.equal(createSecret('acme', 'team-a', 'spec.x').text, `correct the name, or create it: ${CREATE}`)
})

t.test('what a docker config does not hold is not looked for in another', async t => {
  const login = '--docker-server=SERVER --docker-username=USER --docker-password=PASSWORD'
  const { text } = recreateSecret('acme', CLUSTER, 'LOGIN')
  t.equal(text, `recreate it: ${REPLACE.replace('--from-file=.dockerconfigjson=FILE', login)}`)
})

t.test('what a tool applies is not recreated beside it', async t => {
  const tool = 'Flux'
  t.strictSame(recreateSecret('acme', { ...CLUSTER, tool }), {
    kind: 'changeSecretInGit',
    text: 'change it in Git, from where Flux applies it',
  })
})

t.test('no command holds a name that is none', async t => {
  const odd = '$(id)'
  t.equal(recreateSecret(odd, CLUSTER).text, 'recreate it')
  t.equal(recreateSecret('acme', { ...FILE, namespace: odd }).text, 'write it anew')
  t.equal(renewCredentials(odd, CLUSTER).text, 'renew them')
  t.equal(createSecret(odd, 'team-a', 'spec.x').text, 'correct the name in spec.x')
  t.match(trimPassword(odd, CLUSTER, IGNORE).text, /: set its annotation regcred.dev\/ignore: CredentialsDoubtful$/)
})

t.test('a password that is right after all', async t => {
  const text = 'write it without, or if it is right: '
  const typed = 'kubectl annotate secret acme --namespace team-a regcred.dev/ignore=CredentialsDoubtful'
  t.equal(trimPassword('acme', CLUSTER, IGNORE).text, `${text}${typed}`)
  t.equal(
    trimPassword('acme', { ...CLUSTER, tool: 'Flux' }, IGNORE).text,
    'write it without, or with its annotation regcred.dev/ignore: CredentialsDoubtful if it is right; change it in Git, from where Flux applies it',
  )
  t.equal(trimPassword('acme', FILE, IGNORE).text, `${text}set its annotation regcred.dev/ignore: CredentialsDoubtful`)
})

t.test('entries', async t => {
  t.equal(correctRegistry('ghcr.io').text, 'write "ghcr.io"')
  t.equal(correctRegistry(undefined).text, 'write host, port and path as its images have them')
  t.equal(completeEntry(false).text, 'write user name and password into it')
  t.equal(completeEntry(true).text, 'write user name and password into it, or leave it out')
})
