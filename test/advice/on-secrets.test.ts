import t from 'tap'
import {
  completeEntry,
  completeEntryOf,
  correctRegistry,
  createFromLogin,
  createSecret,
  recreateSecret,
  renewCredentials,
  renewEntry,
  takeDockerConfig,
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

t.test('what another object writes is corrected where that gets it', async t => {
  const place = { ...CLUSTER, writer: 'ExternalSecret "acme"', tool: 'Flux' } as const
  const text = 'correct it where ExternalSecret "acme" gets it'
  t.equal(recreateSecret('acme', place).text, text)
  t.equal(renewCredentials('acme', place).text, text)
  t.equal(takeDockerConfig('acme', place, '.dockerconfigjson'), undefined)
  t.match(trimPassword('acme', place, IGNORE).text, /if it is right; correct it where ExternalSecret "acme" gets it$/)
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

t.test('a login makes a pull secret, for a registry that is known or not', async t => {
  const made = (server: string) =>
    `make a pull secret of a login: kubectl create secret docker-registry acme --namespace team-a --docker-server=${server} --docker-username=USER --docker-password=PASSWORD`
  t.equal(createFromLogin('acme', 'team-a').text, made('SERVER'))
  for (const server of ['ghcr.io', 'localhost:5000', 'https://index.docker.io/v1/'])
    t.equal(createFromLogin('acme', 'team-a', server).text, made(server))
  for (const server of ['$(reboot)', '[::1]:5000', 'a b', '-x', ''])
    t.equal(createFromLogin('acme', 'team-a', server).text, made('SERVER'), 'a shell takes nothing else as it stands')
  t.equal(createFromLogin('$(reboot)', 'team-a', 'ghcr.io').text, 'make a pull secret of a login')
})

t.test('a docker config is taken out of a Secret where that is kept, and corrected there', async t => {
  t.equal(
    takeDockerConfig('acme', CLUSTER, '.dockerconfigjson')?.text,
    "take its docker config, passwords and all: kubectl get secret acme --namespace team-a -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d > FILE",
  )
  t.equal(takeDockerConfig('acme', FILE, '.dockerconfigjson'), undefined)
  t.equal(takeDockerConfig('acme', { ...CLUSTER, tool: 'Flux' }, '.dockerconfigjson'), undefined)
  t.equal(takeDockerConfig('acme', CLUSTER, "a'b"), undefined)
  t.equal(takeDockerConfig('a b', CLUSTER, 'a'), undefined)
  t.equal(
    completeEntryOf('ghcr.io', recreateSecret('acme', CLUSTER)).text,
    `write user name and password for "ghcr.io" into it, then recreate it: ${REPLACE}`,
  )
  t.equal(renewEntry().text, 'write a new password into it')
})
