import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ID_TOKEN, logIn, OIDC_USER, PLUGIN_USER, tryServing } from './serving.ts'
import { check } from './verdicts.ts'

const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)
/** Nothing of this machine's: neither Node nor a package of it. */
const EMPTY = { PATH: '/nowhere', HOME: '/nowhere' }

interface Outcome {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Runs a program with nothing around it. */
async function outcomeOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv = EMPTY): Promise<Outcome> {
  return new Promise(resolve => {
    execFile(program, [...args], { env, cwd: tmpdir() }, (error, out, err) =>
      resolve({ status: error === null ? 0 : Number(error.code), out, err }),
    )
  })
}

/** Builds the single file, packs it, unpacks it into the folder, and runs it there. */
export async function tryExecutable(folder: string, version: string): Promise<void> {
  const place = await mkdtemp(join(folder, 'executable-'))
  // Any text will do for Node's own license: where these tests run it need not be there.
  const flags = ['--output', join(place, 'built/regcred'), '--archive', place]
  const license = ['--node-license', join(ROOT, 'LICENSE')]
  const made = await run(process.execPath, ['packaging/executable/make.ts', ...flags, ...license], { cwd: ROOT })
  const { stdout } = await run('tar', ['-xzvf', made.stdout.trim(), '-C', place])
  check(
    'the archive holds the single file and the licenses of what is in it, and nothing else',
    stdout === 'regcred\nLICENSE\nTHIRD-PARTY-NOTICES\n',
    stdout,
  )
  const file = join(place, 'regcred')
  await runIt(file, version)
  await runByOtherNames(file, place)

  const { status, large, ended } = await tryServing([file], folder, join(ROOT, 'examples/cluster'))
  check('the single file serves', status === 200, String(status))
  check('its thread reads a large review', large === 200, String(large))
  check('it answers what is under way when it is asked to end, and ends well', ended === '200, then 0', ended)
  const ofPlugin = await logIn([file], folder, PLUGIN_USER)
  check('it asks a plugin of the kubeconfig', ofPlugin === 'Bearer of-the-plugin', ofPlugin)
  const ofProvider = await logIn([file], folder, OIDC_USER)
  check('and an identity provider', ofProvider === `Bearer ${ID_TOKEN}`, ofProvider)
}

async function runIt(file: string, version: string): Promise<void> {
  const pod = join(ROOT, 'examples/private-reg-pod.yaml')
  const told = await outcomeOf(file, ['--version'])
  check('the single file tells its version, with nothing around it', told.out === `${version}\n`, told.err)
  const strict = await outcomeOf(file, ['check', pod, '--strict', '-o', 'json'])
  check('it finds what is wrong', strict.status === 1 && strict.out.includes('"SecretNotFound"'), strict.err)
  const none = await outcomeOf(file, ['check', join(ROOT, 'none.yaml')])
  check('what cannot be done is 2', none.status === 2 && none.err.startsWith('regcred: '), none.err)
  const temporary = join(dirname(file), 'temporary')
  await mkdir(temporary)
  const demo = await outcomeOf(file, ['demo'], { ...EMPTY, TMPDIR: temporary })
  check('it has the examples in itself', demo.status === 0 && /did you mean "regcred"/i.test(demo.out), demo.err)
  const left = readdirSync(temporary)
  check('and leaves no file behind', left.length === 0, left.join('\n'))
  const schema = await outcomeOf(file, ['config', '--schema'])
  check('it writes the schema of its configuration', schema.out.startsWith('{'), schema.err)
}

async function runByOtherNames(file: string, place: string): Promise<void> {
  const [plugin, completing] = [join(place, 'kubectl-regcred'), join(place, 'kubectl_complete-regcred')]
  await symlink(file, plugin)
  await symlink(file, completing)
  const help = await outcomeOf(plugin, ['--help'])
  check('by another name it is a plugin of kubectl', help.out.startsWith('Usage: kubectl regcred '), help.out)
  const answer = await outcomeOf(completing, ['check', '--fail-on', 'e'])
  check('and completes what is typed after kubectl regcred', answer.out === 'error\t\n:4\n', answer.out)
  const option = await outcomeOf(completing, ['--help'])
  check('which is asked about, and not done', option.out.endsWith(':4\n') && option.status === 0, option.out)
}
