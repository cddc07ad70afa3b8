import { type ExecFileException, execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'

/** Packs the package, installs it into an empty folder, and runs it there: what a user gets is what is tried. */
const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
/** What a user needs and nothing else, at the top of the package. */
const WANTED = ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'docs', 'examples', 'package.json']

let passed = 0
let failed = 0

/** Says what holds and what does not, and goes on. */
function check(name: string, holds: boolean, said = ''): void {
  if (holds) passed += 1
  else failed += 1
  console.log(`${holds ? 'ok' : 'not ok'} - ${name}${holds ? '' : `\n${said}`}`)
}

async function regcred(folder: string, node: string, ...args: string[]): Promise<{ status: number; out: string }> {
  const bin = join(folder, 'node_modules/regcred/bin/regcred.js')
  try {
    const { stdout, stderr } = await run(node, [bin, ...args], { cwd: folder })
    return { status: 0, out: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as ExecFileException & { stdout?: string; stderr?: string }
    return { status: Number(code), out: stdout + stderr }
  }
}

const folder = await mkdtemp(join(tmpdir(), 'regcred-package-'))
try {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT })
  const packed = JSON.parse(stdout.slice(stdout.indexOf('[')))[0]
  const files: string[] = packed.files.map(({ path }: { readonly path: string }) => path)
  const tops = [...new Set(files.map(path => path.split('/')[0]))].sort()
  check('it holds what a user needs and nothing else', isDeepStrictEqual(tops, WANTED), tops.join('\n'))
  const stray = files.filter(path => /\.ts$|\.test\.|\.key$/.test(path))
  check('no source, test or key among it', stray.length === 0, stray.join('\n'))

  await writeFile(join(folder, 'package.json'), '{"private": true}')
  await run('npm', ['install', '--no-audit', '--no-fund', join(folder, packed.filename)], { cwd: folder })
  const version = await regcred(folder, process.execPath, '--version')
  check('it tells its version', version.status === 0 && version.out === `${packed.version}\n`, version.out)
  const demo = await regcred(folder, process.execPath, 'demo')
  check('the demonstration runs', demo.status === 0 && /did you mean "regcred"/.test(demo.out), demo.out)
  const unknown = await regcred(folder, process.execPath, 'check', '-f', 'none')
  check('what cannot be done is 2', unknown.status === 2, unknown.out)

  for (const node of ['/usr/bin/node', '/usr/local/bin/node']) {
    const old = await run(node, ['--version']).catch(() => undefined)
    if (old === undefined || Number(/^v(\d+)/.exec(old.stdout)?.[1]) >= 22) continue
    const told = await regcred(folder, node, '--version')
    const line = `regcred: needs Node 22.19 or newer, this is ${old.stdout.slice(1).trim()}; install a newer one\n`
    check(`Node ${old.stdout.trim()} gets a sentence`, told.status === 2 && told.out === line, told.out)
  }
} finally {
  await rm(folder, { recursive: true })
}
console.log(`# { total: ${passed + failed}, pass: ${passed}, fail: ${failed} }`)
process.exitCode = failed === 0 ? 0 : 1
