import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({
  options: { kubectl: { type: 'string', default: 'kubectl' }, help: { type: 'boolean', short: 'h' } },
})
if (flags.help) {
  console.log(`node bench/beside-kubectl.ts [--kubectl PATH]

Checks Deployments in one YAML file, and has kubectl create them with --dry-run=client --validate=false, each in a process of its own,
for which kubectl needs a cluster in its context. Prints the CPU and memory of both. Bars: 2.5 times kubectl's CPU; 10,000 at most 2.2
times 5,000; 200 MB, and 1.3 times the memory of 2,000.`)
  process.exit(0)
}

const CHECK = [process.execPath, `${import.meta.dirname}/../src/cli.ts`, 'check']
const KUBECTL = [flags.kubectl, 'create', '--dry-run=client', '--validate=false', '-o', 'name', '-f']

function deployment(i: number): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${i}
  namespace: team-${i % 50}
spec:
  replicas: 2
  selector: {matchLabels: {app: web-${i}}}
  template:
    metadata: {labels: {app: web-${i}}}
    spec:
      imagePullSecrets:
        - name: acme
      containers:
        - name: web
          image: registry.example.com/acme/web:${i}
          ports:
            - containerPort: 8080
          env:
            - name: MODE
              value: "production"
`
}

interface Cost {
  readonly ms: number
  readonly mb: number
}

/** What a command takes for a file, all of its process counted; undefined if it fails. */
function costOf(command: readonly string[], file: string): Cost | undefined {
  const timed = spawnSync('/usr/bin/time', ['-f', 'took %U %S %M', ...command, file], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  const [, user, system, kb] = /^took ([\d.]+) ([\d.]+) (\d+)$/m.exec(timed.stderr) ?? []
  if (timed.status !== 0 || kb === undefined) return undefined
  return { ms: 1000 * (Number(user) + Number(system)), mb: Number(kb) / 1024 }
}

const folder = mkdtempSync(join(tmpdir(), 'regcred-bench-'))
try {
  console.log('| Deployments | check, ms | kubectl, ms | times | check, MB |\n| --- | --- | --- | --- | --- |')
  for (const size of [2000, 5000, 10_000]) {
    const file = join(folder, `${size}.yaml`)
    writeFileSync(file, Array.from({ length: size }, (_, i) => deployment(i)).join(''))
    const check = costOf(CHECK, file)
    const kubectl = costOf(KUBECTL, file)
    if (check === undefined) throw new Error('regcred check failed')
    const beside = kubectl === undefined ? '- | -' : `${kubectl.ms.toFixed(0)} | ${(check.ms / kubectl.ms).toFixed(2)}`
    console.log(`| ${size} | ${check.ms.toFixed(0)} | ${beside} | ${check.mb.toFixed(0)} |`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
