import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Place, RECORDER, REGCRED } from './pipeline.ts'

const FILE = '.pre-commit-hooks.yaml'
const ROOT = join(import.meta.dirname, '../..')
const IDENTITY = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false']
/** Docker as far as pre-commit asks: a container of the image would run the same program. */
const DOCKER = `#!/bin/sh\ncase $1 in run) ;; *) exit 0 ;; esac\nprintf "%s\\n" "$@" > "$HOME/given"\n`

function git(folder: string, ...args: string[]): string {
  return spawnSync('git', [...IDENTITY, ...args], { cwd: folder, encoding: 'utf8' }).stdout.trim()
}

/** A checkout that has a hook of ours in its configuration, and a repository in place of ours. */
function checkout(programs: Readonly<Record<string, string>>, hook: string): Place {
  const place = new Place(programs)
  const ours = join(place.folder, 'ours')
  mkdirSync(ours)
  cpSync(join(ROOT, FILE), join(ours, FILE))
  for (const folder of [ours, place.work]) {
    git(folder, 'init', '--quiet')
    git(folder, 'add', '--all')
    git(folder, 'commit', '--quiet', '--message', 'as it is')
  }
  const config = `repos: [{repo: ${ours}, rev: ${git(ours, 'rev-parse', 'HEAD')}, hooks: [${hook}]}]\n`
  writeFileSync(join(place.work, '.pre-commit-config.yaml'), config)
  git(place.work, 'add', '--all')
  return place
}

function run(place: Place, ...args: string[]) {
  const env = { PRE_COMMIT_HOME: join(place.folder, 'cache'), GITHUB_ACTIONS: '' }
  return place.run(['sh', '-c'], `exec pre-commit run ${args.join(' ')}`, env)
}

const skip = spawnSync('pre-commit', ['--version']).error !== undefined && 'there is no pre-commit'

t.test('pre-commit accepts the file', { skip }, async t => {
  t.equal(spawnSync('pre-commit', ['validate-manifest', join(ROOT, FILE)]).status, 0)
})

t.test('the hook looks at all manifests when one of them changes, and at none without', { skip }, async t => {
  const place = checkout({ regcred: REGCRED }, '{id: regcred-system, args: [k8s/], files: ^k8s/}')
  t.match(run(place), { status: 0, stdout: /no files to check/ }, 'its own configuration alone has changed')
  const wrong = join(place.work, 'k8s/wrong.yaml')
  writeFileSync(wrong, `${readFileSync(wrong, 'utf8')}\n`)
  git(place.work, 'add', '--all')
  const { status, stdout } = run(place)
  t.equal(status, 1)
  t.match(stdout, 'SecretNotFound')
  t.match(stdout, 'did you mean "regcred"', 'which is in a file that has not changed')
  writeFileSync(wrong, readFileSync(wrong, 'utf8').replace('regcerd', 'regcred'))
  git(place.work, 'add', '--all')
  t.match(run(place), { status: 0, stdout: /Passed/ })
})

t.test('it runs the version that it is of, by npx or as an image', { skip }, async t => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const npx = checkout({ npx: RECORDER }, '{id: regcred}')
  t.equal(run(npx, '--all-files').status, 0)
  const given = (place: Place) => readFileSync(join(place.folder, 'given'), 'utf8').trim().split('\n')
  t.strictSame(given(npx), ['--yes', `regcred@${version}`, 'check', '.'])
  const docker = checkout({ docker: DOCKER }, '{id: regcred-docker, args: [k8s/, --strict]}')
  const { status, stdout } = run(docker, '--all-files')
  t.equal(status, 0, stdout)
  t.strictSame(given(docker).slice(-4), [`ghcr.io/regcred/regcred:${version}`, 'check', 'k8s/', '--strict'])
})
