import { Command } from 'commander'
import t from 'tap'
import { collect, refuseEmpty } from '../../src/commands/option-parsers.ts'
import { outcomeOf, spawnRegcred } from './spawn.ts'

const run = async (...args: readonly string[]) => {
  const command = new Command('x')
    .argument('[first]')
    .argument('[rest...]')
    .option('-f, --filename <path>', '', collect, [])
    .option('--image <image>')
    .option('--docker-config <file>')
    .option('-n, --namespace <name>')
    .option('--context <name>')
    .option('--kubeconfig <file>')
    .option('-l, --selector <labels>')
    .option('--rbac [user]')
    .option('--fine <value>', '', '')
    .hook('preAction', (_, called) => refuseEmpty(called))
    .action(() => undefined)
  await command.parseAsync(args, { from: 'user' })
}

for (const args of [
  [],
  ['a', 'b', 'c'],
  ['--namespace', '', '--context=', '--kubeconfig=', '-l', ''],
  ['--rbac'],
  ['-f', 'a', '--image=b'],
]) {
  t.test(`nothing is wrong with ${JSON.stringify(args)}`, async t => {
    await t.resolves(run(...args))
  })
}

for (const { args, what } of [
  { args: [''], what: 'the argument "first"' },
  { args: [' \t'], what: 'the argument "first"' },
  { args: ['a', 'b', ''], what: 'the argument "rest"' },
  { args: ['-f', 'a', '-f', ''], what: 'the value of --filename' },
  { args: ['--image', ''], what: 'the value of --image' },
  { args: ['--docker-config='], what: 'the value of --docker-config' },
  { args: ['--rbac='], what: 'the value of --rbac' },
]) {
  t.test(`${JSON.stringify(args)} is empty`, async t => {
    await t.rejects(run(...args), { message: `${what} is empty; give one, or leave it out. Is a variable not set?` })
  })
}

t.test('completion is asked about the beginning of a word, which may be empty', async t => {
  t.match(await outcomeOf(spawnRegcred(['__complete', '--', 'completion', ''])), { status: 0, out: /^bash\t/ })
})

t.test('every command refuses it', async t => {
  for (const args of [
    ['why', ''],
    ['inspect', ''],
    ['inspect', '-f', ''],
    ['can-pull', ''],
    ['can-pull', 'a', '--secret', ''],
    ['secret', ''],
    ['secret', 'a', '--from', ''],
    ['check', ''],
    ['explain', ''],
    ['config', '--config', ''],
    ['config', 'init', ''],
    ['scan', '--rbac='],
    ['status', '--kubeconfig', '/nowhere', '-n', 'a', '--wait', ''],
    ['serve', '--config', ''],
  ]) {
    const { status, out, err } = await outcomeOf(spawnRegcred(args))
    t.equal(status, 2, args.join(' '))
    t.equal(out, '')
    t.match(err, /^regcred: .*(?:is empty|Give a duration).*\n$/, args.join(' '))
  }
})
