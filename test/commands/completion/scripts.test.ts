import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { onTerminal, type Turn } from '../../logins/pseudo-terminal.ts'
import { ROOT } from '../spawn.ts'

/*
 * The scripts in their shells, on a pseudo-terminal, with TAB pressed. bash is everywhere; the others are tried where they are.
 */

const CLEAR = '\x15'

function placeFor(t: Pick<Test, 'testdir'>) {
  const folder = t.testdir({ k8s: { 'web.yaml': '' } })
  mkdirSync(join(folder, 'bin'))
  const program = join(folder, 'bin/regcred')
  const command = `exec '${process.execPath}' '${join(ROOT, 'src/cli.ts')}' "$@"`
  writeFileSync(program, `#!/bin/sh\ncase $1 in *compl*) ${command} ;; esac\necho "RAN $* END"\n`)
  chmodSync(program, 0o755)
  const PATH = `${join(folder, 'bin')}:${process.env['PATH']}`
  const env = { PATH, HOME: folder, PS1: 'READY> ', TERM: 'dumb', SHELL: '/bin/sh' }
  return { folder, env }
}

/** What is typed, TAB and all, and what is run then. */
const LINES: readonly (readonly [typed: string, run: string])[] = [
  ['che\t', 'check'],
  ['check --fail-o\te\t', 'check --fail-on error'],
  ['secret x --output=j\t', 'secret x --output=json'],
  ['secret x -o j\t', 'secret x -o json'],
  ['check k8\tw\t', 'check k8s/web.yaml'],
  ['inspect k8\tw\t', 'inspect k8s/web.yaml'],
  ['check --config k8\tw\t', 'check --config k8s/web.yaml'],
  ['check --config=k8\tw\t', 'check --config=k8s/web.yaml'],
]

/** Types what is sourced, then each line; and last one that is neither run nor evaluated for its suggestions. */
function turnsFor(source: string): readonly Turn[] {
  const ran = LINES.map(([, run]) => `RAN ${run} END`)
  const lines = LINES.map(([typed], i) => ({ after: ran[i - 1] ?? 'READY> ', types: `regcred ${typed}\r` }))
  const last = { after: ran.at(-1) ?? '', types: `regcred check $(touch run) --fail-on n\t${CLEAR}exit\r` }
  return [{ after: 'READY> ', types: `${source}\r` }, ...lines, last]
}

t.test('bash', async t => {
  const { folder, env } = placeFor(t)
  const turns = turnsFor('source <(regcred completion bash)')
  t.equal((await onTerminal(`cd '${folder}' && bash --norc --noprofile -i`, turns, env)).status, 0)
  t.notOk(existsSync(join(folder, 'run')))
})

t.test('zsh', { skip: spawnSync('zsh', ['--version']).error !== undefined && 'there is no zsh' }, async t => {
  const { folder, env } = placeFor(t)
  const turns = turnsFor('autoload -Uz compinit && compinit -u -D && source <(regcred completion zsh)')
  t.equal((await onTerminal(`cd '${folder}' && zsh -f -i`, turns, env)).status, 0)
  t.notOk(existsSync(join(folder, 'run')))
})

t.test('fish', { skip: spawnSync('fish', ['--version']).error !== undefined && 'there is no fish' }, async t => {
  const { folder, env } = placeFor(t)
  const cases: readonly (readonly [typed: string, value: string])[] = [
    ['regcred che', 'check\tfind pull-secret mistakes in manifests, before they reach a cluster'],
    ['regcred check --fail-on e', 'error'],
    ['regcred secret x --output=j', '--output=json'],
    ['regcred check k8', 'k8s/'],
    ['regcred inspect k8', 'k8s/'],
    ['regcred check (touch run) --fail-on n', 'note'],
  ]
  for (const [typed, value] of cases) {
    const script = `regcred completion fish | source; complete -C '${typed}'`
    const { stdout } = spawnSync('fish', ['--no-config', '-c', script], { cwd: folder, env, encoding: 'utf8' })
    t.equal(stdout.trim(), value, typed)
  }
  t.notOk(existsSync(join(folder, 'run')))
})
