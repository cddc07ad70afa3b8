import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseAllDocuments } from 'yaml'

const ROOT = join(import.meta.dirname, '../..')
/** A shell script that runs the sources. */
export const REGCRED = `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'src/cli.ts')}' "$@"\n`

/** One that writes down what it was given, a line each. */
export const RECORDER = '#!/bin/sh\nprintf "%s\\n" "$@" > "$HOME/given"\n'

/** The documents of a file of ours. */
export function readDocuments(file: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(join(ROOT, file), 'utf8')).map(document => document.toJS())
}

/** A pull secret that two Pods name, one of them wrongly. */
const MANIFESTS = {
  'secret.yaml': [
    'apiVersion: v1',
    'kind: Secret',
    'metadata: {name: regcred}',
    'type: kubernetes.io/dockerconfigjson',
    `stringData: {.dockerconfigjson: '{"auths": {"ghcr.io": {"username": "a", "password": "b"}}}'}`,
  ].join('\n'),
  'right.yaml': podOf('right', 'regcred'),
  'wrong.yaml': podOf('wrong', 'regcerd'),
}

function podOf(name: string, secret: string): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    `metadata: {name: ${name}}`,
    `spec: {containers: [{name: a, image: ghcr.io/acme/a:1}], imagePullSecrets: [{name: ${secret}}]}`,
  ].join('\n')
}

/** A folder with a checkout in `work`, and programs that are found before those of this machine in `bin`. */
export class Place {
  readonly folder: string
  readonly work: string

  constructor(programs: Readonly<Record<string, string>>) {
    this.folder = t.testdir({ bin: {}, work: { k8s: MANIFESTS } })
    this.work = join(this.folder, 'work')
    for (const [name, text] of Object.entries(programs)) this.program(join('bin', name), text)
  }

  program(path: string, text: string): void {
    const file = join(this.folder, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, 0o755)
  }

  /** Runs a script as a runner does, in the checkout; `first` are folders before the PATH. */
  run(shell: readonly string[], script: string, env: NodeJS.ProcessEnv, first: readonly string[] = []) {
    const [program = '', ...flags] = shell
    const PATH = [...first, join(this.folder, 'bin'), process.env['PATH']].join(':')
    const options = { cwd: this.work, env: { HOME: this.folder, PATH, ...env }, encoding: 'utf8' } as const
    const { status, stdout, stderr } = spawnSync(program, [...flags, script], options)
    return { status, stdout, stderr }
  }
}

/** What somebody who names files, branches or versions might try: each makes a file, were it taken for a command. */
export const HOSTILE: readonly string[] = [
  '$(touch pwned)',
  '`touch pwned`',
  "'; touch pwned; '",
  '"; touch pwned; "',
  '; touch pwned',
  '| touch pwned',
  '--config=$(touch pwned)',
  '-h',
  '*',
  '$HOME',
]
