import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** What `go mod edit -json` prints of Kubernetes' own go.mod. */
interface GoMod {
  readonly Go: string
  readonly Godebug?: readonly { readonly Key: string; readonly Value: string }[]
  /** Its staging modules, each by a folder of its own repository. */
  readonly Replace: readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Version?: string } }[]
}

const USAGE = `Usage: npm run pin:minor -- [--control-plane] VERSION

Writes the pins of a patch of Kubernetes, such as v1.36.3, beside the pinned one: minors/v1.36.mod and minors/v1.36.sum. They are for
the oracle, and with --control-plane for its API server and controllers as well.
`
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager']
/** The first that knows the directive \`tool\`. Older minors are built by it with the defaults that they were released with. */
const FIRST_WITH_TOOLS = '1.24.0'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'control-plane': { type: 'boolean' } } })
const [version = ''] = positionals
const [, minor, patch] = /^v1\.(\d+)\.(\d+)$/.exec(version) ?? []
if (minor === undefined) {
  process.stderr.write(USAGE)
  process.exit(2)
}
const theirs: GoMod = JSON.parse(
  go('mod', 'edit', '-json', JSON.parse(go('mod', 'download', '-json', `k8s.io/kubernetes@${version}`)).GoMod),
)
const released = theirs.Go.split('.').slice(0, 2).join('.')
const defaults = theirs.Godebug?.find(({ Key }) => Key === 'default')?.Value ?? `go${released}`
const staging = theirs.Replace.filter(({ New }) => New.Version === undefined).map(({ Old }) => Old.Path)
const file = join(import.meta.dirname, `minors/v1.${minor}.mod`)
writeFileSync(
  file,
  `// Kubernetes ${version}, beside the pinned one: written by pin-minor.ts.
module regcred.dev/test/e2e/kubernetes

go ${Number(released.split('.')[1]) < Number(FIRST_WITH_TOOLS.split('.')[1]) ? FIRST_WITH_TOOLS : theirs.Go}

godebug default=${defaults}

require k8s.io/kubernetes ${version}

${values['control-plane'] ? PROGRAMS.map(program => `tool k8s.io/kubernetes/cmd/${program}\n`).join('') : ''}
replace (
${staging.map(path => `	${path} => ${path} v0.${minor}.${patch}`).join('\n')}
)
`,
)
go('mod', 'tidy', `-modfile=${file}`)

/** Runs go in the folder of the module, whose packages say what is needed. */
function go(...args: readonly string[]): string {
  return execFileSync('go', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
