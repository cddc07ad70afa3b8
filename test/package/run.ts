import { type ExecFileException, execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, promisify } from 'node:util'
import { tryExecutable } from './executable.ts'
import { ID_TOKEN, logIn, OIDC_USER, PLUGIN_USER, tryServing } from './serving.ts'
import { check, sumUp } from './verdicts.ts'

/** Packs the package, installs it into an empty folder, and runs it there: what a user gets is what is tried. */
const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
/** What a user needs and nothing else, at the top of the package. */
const WANTED = [
  ...['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES', 'bin', 'dist', 'docs', 'examples', 'package.json'],
  'sbom.cdx.json',
]
const MAX_INSTALLED_BYTES = 8e6
const HEAVY = [
  '@kubernetes/client-node',
  'fastify',
  'pino',
  'prom-client',
  'undici',
  'tinypool',
  '@peculiar/x509',
  'diff',
]

const folder = await mkdtemp(join(tmpdir(), 'regcred-package-'))
const installed = join(folder, 'node_modules/regcred')
const bin = join(installed, 'bin/regcred.js')
const pod = join(installed, 'examples/private-reg-pod.yaml')

interface Outcome {
  readonly status: number
  readonly out: string
}

async function regcred(
  args: readonly string[],
  node = process.execPath,
  first: readonly string[] = [],
): Promise<Outcome> {
  try {
    const env = { ...process.env, LOADED: join(folder, 'loaded') }
    const { stdout, stderr } = await run(node, [...first, bin, ...args], { cwd: folder, env })
    return { status: 0, out: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as ExecFileException & { stdout?: string; stderr?: string }
    return { status: Number(code), out: stdout + stderr }
  }
}

/** The packages of which something is in the files that a command loads: the bundler writes above each part where it is from. */
async function packagesLoadedBy(...args: string[]): Promise<ReadonlySet<string>> {
  await regcred(args, process.execPath, ['--import', join(import.meta.dirname, 'record-loads.ts')])
  const files = readFileSync(join(folder, 'loaded'), 'utf8')
    .split('\n')
    .filter(url => url.includes('/regcred/dist/'))
  const texts = files.map(url => readFileSync(fileURLToPath(url), 'utf8'))
  return new Set(
    texts.flatMap(text =>
      [...text.matchAll(/^\s*\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name = '']) => name),
    ),
  )
}

try {
  const { stdout } = await run(process.execPath, ['packaging/pack.ts', '--destination', folder], { cwd: ROOT })
  const packed = join(folder, stdout.trim())
  const { stdout: listed } = await run('tar', ['-tzf', packed])
  const files = listed
    .trim()
    .split('\n')
    .map(path => path.replace(/^package\//, ''))
  const tops = [...new Set(files.map(path => path.split('/')[0]))].sort()
  check('it holds what a user needs and nothing else', isDeepStrictEqual(tops, WANTED), tops.join('\n'))
  const stray = files.filter(path => /\.(ts|map)$|\.test\.|\.key$/.test(path))
  check('no source, source map, test or key among it', stray.length === 0, stray.join('\n'))

  const parts = files.filter(path => /^dist\/.*\.js$/.test(path))
  const { stdout: bundled } = await run('tar', ['-xzOf', packed, ...parts.map(path => `package/${path}`)], {
    maxBuffer: MAX_INSTALLED_BYTES,
  })
  const ofClient = [...bundled.matchAll(/^\s*\/\/ node_modules\/@kubernetes\/client-node\/(\S+)/gm)].map(
    ([, file]) => file,
  )
  check(
    'of client-node it holds what asks for credentials and nothing else',
    isDeepStrictEqual([...new Set(ofClient)].sort(), ['dist/exec_auth.js', 'dist/oidc_auth.js']),
    ofClient.join('\n'),
  )

  await writeFile(join(folder, 'package.json'), '{"private": true}')
  await run('npm', ['install', '--no-audit', '--no-fund', '--offline', packed], { cwd: folder })
  const packages = globSync('node_modules/**/package.json', { cwd: folder })
  check('there is nothing more to install', packages.length === 1, packages.join('\n'))
  const { dependencies, devDependencies, scripts, version } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  )
  check(
    'nor does it ask for anything',
    [dependencies, devDependencies, scripts].every(field => field === undefined),
  )
  const bytes = globSync('node_modules/**', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0)
  check(`it takes at most 8 MB: ${(bytes / 1e6).toFixed(1)}`, bytes <= MAX_INSTALLED_BYTES)

  const notices = readFileSync(join(installed, 'THIRD-PARTY-NOTICES'), 'utf8')
  const noticed = [...notices.matchAll(/^-{100}\n(\S+) (\S+) \(/gm)].map(([, name, version]) => `${name}@${version}`)
  const bill = JSON.parse(readFileSync(join(installed, 'sbom.cdx.json'), 'utf8'))
  const named = bill.components.map((one: { name: string; version: string }) => `${one.name}@${one.version}`)
  const both = `${noticed.sort().join('\n')}\n\n${named.sort().join('\n')}`
  check('notices and bill of materials name the same packages', isDeepStrictEqual(noticed, named), both)
  check(
    'the packages that matter among them',
    /^fastify@/m.test(both) && /^@kubernetes\/client-node@/m.test(both),
    both,
  )

  const told = await regcred(['--version'])
  check('it tells its version', told.status === 0 && told.out === `${version}\n`, told.out)
  const config = await regcred(['config'])
  check('it tells its configuration', config.status === 0 && config.out.includes('mode: warn # default'), config.out)
  const checked = await regcred(['check', '-f', pod])
  check('it checks a file', checked.status === 0 && /^1 object checked: 0 errors/m.test(checked.out), checked.out)
  const strict = await regcred(['check', '-f', pod, '--strict', '-o', 'json'])
  check('it finds what is wrong', strict.status === 1 && strict.out.includes('"SecretNotFound"'), strict.out)
  const docker = join(folder, 'config.json')
  await writeFile(docker, '{"auths": {"ghcr.io": {"auth": "dTpw"}}}')
  const made = await regcred(['secret', 'a', '--from-docker', '--all', '--docker-config', docker])
  check('it makes a pull secret', made.status === 0 && made.out.includes('\nkind: Secret\n'), made.out)
  const complete = join(folder, 'node_modules/.bin/kubectl_complete-regcred')
  const answered = await run(complete, ['check', '--fail-on', 'e'])
  check('it completes what is typed after kubectl regcred', answered.stdout === 'error\t\n:4\n', answered.stdout)
  const plugin = await run(join(folder, 'node_modules/.bin/kubectl-regcred'), ['--help'])
  check('it is a plugin of kubectl', plugin.stdout.startsWith('Usage: kubectl regcred '), plugin.stdout)
  const npx = await run('npx', ['--no', '--', 'regcred', '--version'], { cwd: folder })
  check('npx runs it', npx.stdout === `${version}\n`, npx.stdout + npx.stderr)
  const demo = await regcred(['demo'])
  check('the demonstration runs', demo.status === 0 && /did you mean "regcred"/i.test(demo.out), demo.out)
  const unknown = await regcred(['check', '-f', 'none'])
  check('what cannot be done is 2', unknown.status === 2, unknown.out)
  const { large } = await tryServing([process.execPath, bin], folder, join(installed, 'examples/cluster'))
  check('it serves, and its thread reads a large review', large === 200, String(large))
  const ofPlugin = await logIn([process.execPath, bin], folder, PLUGIN_USER)
  check('it asks a plugin of the kubeconfig', ofPlugin === 'Bearer of-the-plugin', ofPlugin)
  const ofProvider = await logIn([process.execPath, bin], folder, OIDC_USER)
  check('and an identity provider', ofProvider === `Bearer ${ID_TOKEN}`, ofProvider)

  for (const args of [['--version'], ['--help'], ['config'], ['check', '-f', pod]]) {
    const loaded = await packagesLoadedBy(...args)
    const heavy = HEAVY.filter(name => loaded.has(name))
    check(
      `${args.join(' ').replace(pod, 'a file')} loads ${[...loaded].join(', ')}`,
      loaded.has('commander') && heavy.length === 0,
    )
  }

  for (const node of ['/usr/bin/node', '/usr/local/bin/node']) {
    const old = await run(node, ['--version']).catch(() => undefined)
    if (old === undefined || Number(/^v(\d+)/.exec(old.stdout)?.[1]) >= 22) continue
    const told = await regcred(['--version'], node)
    const line = `regcred: needs Node 22.19 or newer, this is ${old.stdout.slice(1).trim()}; install a newer one\n`
    check(`Node ${old.stdout.trim()} gets a sentence`, told.status === 2 && told.out === line, told.out)
  }
  await tryExecutable(folder, version)
} finally {
  await rm(folder, { recursive: true })
}
sumUp()
