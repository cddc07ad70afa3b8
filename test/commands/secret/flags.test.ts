import t from 'tap'
import { checkNames, type SecretFlags, sourceOf } from '../../../src/commands/secret/flags.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'

const flags = (some: Partial<SecretFlags>): SecretFlags => ({ server: [], output: 'yaml', ...some })
const server = ['ghcr.io']

t.test('where the logins come from', async t => {
  t.strictSame(sourceOf(flags({ fromDocker: true, server })), { kind: 'docker', servers: server })
  t.strictSame(sourceOf(flags({ fromDocker: true, all: true })), { kind: 'docker', servers: 'all' })
  t.strictSame(sourceOf(flags({ username: 'ci', server })), {
    kind: 'typed',
    server: 'ghcr.io',
    username: 'ci',
    stdin: false,
  })
  t.match(sourceOf(flags({ username: 'ci', server, passwordStdin: true })), { kind: 'typed', stdin: true })
  t.strictSame(sourceOf(flags({ from: '-' })), { kind: 'secret', file: '-' })
  t.match(sourceOf(flags({ from: '-', force: true, outputFile: 'x' })), { kind: 'secret' })
})

t.test('what is missing, or does not go together, is told with what does', async t => {
  const cases: [fault: string, flags: Partial<SecretFlags>][] = [
    ['say where the login is: --from-docker, --username USER, or --from FILE', {}],
    ['say where the login is: --from-docker, --username USER, or --from FILE', { server }],
    ['--from-docker and --username exclude each other', { fromDocker: true, username: 'x', server }],
    ['--username and --from exclude each other', { username: '', from: '-' }],
    ['--all and --docker-config need --from-docker', { username: 'x', server, all: true }],
    ['--all and --docker-config need --from-docker', { from: '-', dockerConfig: 'x' }],
    ['--password-stdin needs --username USER', { fromDocker: true, server, passwordStdin: true }],
    ['--force needs --output-file FILE', { fromDocker: true, server, force: true }],
    ['--from takes the registries of the Secret; leave --server out', { from: '-', server }],
    ['say which logins: --server REGISTRY (regcred secret --list shows what there is), or --all', { fromDocker: true }],
    ['--server and --all exclude each other', { fromDocker: true, server, all: true }],
    ['--username needs one registry: --server REGISTRY', { username: 'x' }],
    ['--username needs one registry: --server REGISTRY', { username: 'x', server: ['a.io', 'b.io'] }],
  ]
  for (const [fault, some] of cases)
    t.throws(() => sourceOf(flags(some)), new CommandError(fault), JSON.stringify(some))
})

t.test('names that objects can have', async t => {
  t.strictSame(checkNames('regcred', undefined), { name: 'regcred' })
  t.strictSame(checkNames('a.b-c', ''), { name: 'a.b-c' })
  t.strictSame(checkNames('regcred', 'team-a'), { name: 'regcred', namespace: 'team-a' })
})

t.test('for another name one is suggested that works', async t => {
  const secret = 'a Secret has a name of lower-case letters, digits, - and .'
  const namespace = 'a Namespace has a name of lower-case letters, digits and -'
  const cases: [name: string | undefined, namespace: string | undefined, fault: string][] = [
    [undefined, undefined, 'give the Secret a name: regcred secret NAME …'],
    ['Reg_Cred', undefined, `${secret}; did you mean "reg-cred"?`],
    ['-my..secret.-', undefined, `${secret}; did you mean "my.secret"?`],
    ['a'.repeat(300), undefined, `${secret}; did you mean "${'a'.repeat(63)}"?`],
    ['; rm -rf /', undefined, `${secret}; did you mean "rm-rf"?`],
    ['\u001b[2J\u202e', undefined, `${secret}; did you mean "2j"?`],
    ['', undefined, secret],
    ['___', undefined, secret],
    ['regcred', 'Team.A', `${namespace}; did you mean "team-a"?`],
    ['regcred', 'team.a', `${namespace}; did you mean "team-a"?`],
    ['regcred', 'a'.repeat(64), `${namespace}; did you mean "${'a'.repeat(63)}"?`],
  ]
  for (const [name, where, fault] of cases) {
    t.throws(() => checkNames(name, where), new CommandError(fault), JSON.stringify(name))
    const [, near] = /"(.*)"/.exec(fault) ?? []
    if (near !== undefined) t.doesNotThrow(() => checkNames(near, near.includes('.') ? undefined : near))
  }
})
