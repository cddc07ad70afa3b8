import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '..')
const MAX_FILES_IN_FOLDER = 20

/**
 * The test of `src/a/b.ts` is `test/a/b.test.ts`, or several `test/a/b-*.test.ts`. These are tested from elsewhere, because
 * by themselves they do nothing that a test could see.
 */
const TESTED_ELSEWHERE: Readonly<Record<string, readonly [test: string, because: string]>> = {
  'ask/dry-runs': ['server-side/ask-cluster', 'what is asked there'],
  'ask/link': ['ask/cluster', 'what a cluster is asked over'],
  'ask/namespaces': ['scan/scan-cluster', 'the namespaces that are scanned'],
  'cluster/secret-lists': ['cluster/live-reads', 'the reads of Secrets are these lists'],
  'report/command-lines': ['commands/inspect/inspect', 'how advice is written'],
  'report/inspected-json': ['commands/inspect/inspect', 'the answer as JSON'],
  'report/inspected-text': ['commands/inspect/inspect', 'the answer as text'],
  'report/pull-text': ['commands/can-pull/can-pull', 'the answer'],
  'review/read-names': ['review/skim', 'it says what is kept'],
  'review/skimmed-text': ['review/skim', 'it is what is kept'],
  'checking/ignore-rules': ['checking/ignore-findings', 'the rules that are heeded there'],
  'report/ignored': ['report/text', 'a part of the text'],
  'commands/audience': ['commands/config', 'it reads what the flags of that command name'],
  'checking/baseline-text': ['checking/baseline', 'the text of one'],
  'commands/can-pull/can-pull-action': ['commands/can-pull/can-pull', 'it is what the command does'],
  'commands/can-pull/gather': ['commands/can-pull/can-pull', 'what the command reads'],
  'commands/check-action': ['commands/check', 'it is what the command does'],
  'commands/cluster': ['commands/serve/serve-cluster', 'it opens what is served from'],
  'runtime/command-error': ['commands/serve/serve', 'an error that carries lines'],
  'commands/config-action': ['commands/config', 'it is what the command does'],
  'commands/config-init-action': ['commands/config-init', 'it is what the command does'],
  'commands/demo/demo-action': ['commands/demo/demo', 'it is what the command does'],
  'commands/demo/walkthrough': ['commands/demo/demo', 'what the command sends'],
  'commands/demo/apply-file': ['commands/demo/demo', 'what the command sends'],
  'commands/explain-action': ['commands/explain', 'it is what the command does'],
  'commands/serve/serve-action': ['commands/serve/serve', 'it is what the command does'],
  'commands/inspect/collected': ['commands/inspect/inspect-hostile', 'how much is kept'],
  'commands/inspect/inspect-action': ['commands/inspect/inspect', 'it is what the command does'],
  'commands/inspect/inspect-cluster': ['commands/inspect/inspect', 'what the command reads'],
  'commands/inspect/inspect-files': ['commands/inspect/inspect', 'what the command reads'],
  'commands/node-files-action': ['commands/config-node-files', 'it is what a flag of that command does'],
  'commands/secret/secret-action': ['commands/secret/secret', 'it is what the command does'],
  'commands/secret/yaml': ['commands/secret/manifest', 'it writes what is made there'],
  'commands/snapshot/snapshot-action': ['commands/snapshot/snapshot', 'it is what the command does'],
  'commands/settings': ['commands/config', 'it reads what the flags of commands name'],
  'commands/serve/start-server': ['commands/serve/serve', 'it puts the server together that is spawned there'],
  'commands/why/why-action': ['commands/why/why', 'it is what the command does'],
  'commands/why/write-why': ['commands/why/why', 'it is what the command prints'],
  'commands/status/status-action': ['commands/status/status', 'it is what the command does'],
  'commands/status/version-action': ['commands/status/version', 'it is what the command does'],
  'status/installation': ['commands/status/status', 'what the command looks at'],
  'status/read-certificate': ['commands/status/status', 'a part of what it says'],
  'status/read-configuration': ['commands/status/status', 'a part of what it says'],
  'status/read-replicas': ['commands/status/status', 'a part of what it says'],
  'status/read-status': ['commands/status/status', 'it puts the parts together'],
  'status/read-webhooks': ['commands/status/status', 'a part of what it says'],
  'status/unless-forbidden': ['commands/status/status', 'what may not be read is told there'],
  'status/verdict': ['commands/status/status', 'what the exit status follows from'],
  'status/write-status': ['commands/status/status', 'it is what the command prints'],
  'config/first-configuration': ['commands/config-init', 'it says what the command prints'],
  'report/formats/sarif-log': ['report/formats/sarif', 'what is written there'],
  'commands/scan/formats': ['commands/scan/write-scan', 'a list of words'],
  'commands/outputs/spare-inputs': ['commands/outputs/write-outputs', 'what is not written over'],
  'commands/outputs/write-each': ['commands/outputs/write-outputs', 'each place and its format'],
  'commands/report/formats': ['commands/report/report', 'a list of words'],
  'commands/report/merge-action': ['commands/report/report', 'it is what the command does'],
  'page/sayings': ['page/scan-page', 'what is said there'],
  'page/tables': ['page/scan-page', 'what is in them'],
  'page/merged/merged-json': ['commands/report/report', 'the answer as JSON'],
  'page/merged/totals': ['page/merged/merged-page', 'the numbers of the page'],
  'page/templates/script': ['page/write-page', 'test/browser runs it'],
  'page/templates/style': ['page/write-page', 'test/browser looks at it'],
  'page/templates/templates': ['page/write-page', 'what is written with them'],
  'scan/formats/why-command': ['page/scan-page', 'a command of each card'],
  'scan/formats/scan-document': ['scan/formats/scan-json', 'it is what is written there'],
  'scan/namespace-reading': ['commands/scan/scan', 'it reads what is scanned'],
  'commands/scan/scan-action': ['commands/scan/scan', 'it is what the command does'],
  'scan/scan-namespace': ['commands/scan/scan', 'it joins what is read with what is said'],
  'config/configuration': ['config/parse', 'what holds without a file'],
  'config/field': ['config/schema', 'the schema is made of these'],
  'config/kind-path': ['config/schema', 'the schema is made of it'],
  'config/registry-entry': ['config/schema', 'the schema is made of these'],
  'decision/causes': ['decision/warnings', 'a line for each cause'],
  'decision/decision': ['decision/decide', 'the decision about nothing'],
  'diagnosis/diagnose': ['diagnosis/examine', 'it says what is found there'],
  'diagnosis/find-pods': ['commands/why/why', 'it finds what the command looks at'],
  'diagnosis/observe-pod': ['commands/why/why', 'it reads what the command looks at'],
  'diagnosis/evidence': ['diagnosis/examine', 'it is what is looked at there'],
  'diagnosis/other-causes': ['diagnosis/examine', 'it says what is found there'],
  'diagnosis/pull-case': ['diagnosis/examine', 'it is what is known there'],
  'diagnosis/waiting': ['diagnosis/examine', 'it is what is asked about there'],
  'engine/check-input': ['engine/check-manifests', 'it reads what is checked there'],
  'engine/checked': ['engine/check-manifests', 'what comes of a check'],
  'engine/confirming-reads': ['engine/assess-subject', 'the reads of an assessment'],
  'engine/placed': ['engine/check-manifests', 'where what is found stands'],
  'engine/pod-facts': ['engine/assess-subject', 'it puts facts together'],
  'http/admission': ['http/server', 'routes need a server'],
  'http/drain': ['http/connection', 'it needs connections'],
  'http/listener': ['http/plain-server', 'what each server is made with'],
  'inspection/advise-pull': ['commands/can-pull/can-pull', 'what is advised beside an answer'],
  'inspection/answer-pull': ['commands/can-pull/can-pull', 'the answers'],
  'inspection/pull-case': ['commands/can-pull/can-pull', 'what is asked about'],
  'inspection/entry-verdict': ['commands/inspect/inspect', 'a line of the table'],
  'inspection/inspect-docker-config': ['commands/inspect/inspect', 'what is shown of a docker config'],
  'inspection/inspect-rows': ['commands/inspect/inspect', 'the lines of the table'],
  'inspection/inspected': ['commands/inspect/inspect', 'what the exit status follows from'],
  'kube/connection': ['cluster/connect', 'it is the client that a view connects with'],
  'kube/kubeconfig/context': ['kube/kubeconfig/load', 'a part of what is loaded'],
  'kube/kubeconfig/document': ['kube/kubeconfig/load', 'a part of what is loaded'],
  'kube/reflector-log': ['kube/reflector', 'what it says is of one'],
  'kube/watch': ['kube/reflector', 'it needs an API server, and whoever follows it'],
  'kubelet/steps': ['engine/admit-budget', 'prices, which are compared with what is paid'],
  'kubelet/docker-config-limits': ['kubelet/docker-config', 'what is too large is seen where it is read'],
  'kubelet/entry': ['kubelet/docker-config', 'an entry is read where its docker config is'],
  'kubelet/entry-index': ['kubelet/keyring', 'what is found in it'],
  'manifests/plain-scalar': ['manifests/ordinary-yaml', 'what is in a document'],
  'manifests/other': ['manifests/read', 'what is told apart there'],
  'node-files/conclude': ['node-files/containerd', 'what follows is told with what was read'],
  'node-files/conclusions': ['node-files/credential-providers', 'what follows is told with what was read'],
  'node-files/cri-o': ['node-files/openshift', 'what follows is told with what was read'],
  'node-files/documents': ['node-files/read', 'what is in a file'],
  'node-files/recognise': ['node-files/read', 'it tells apart what is read there'],
  'node-files/statement': ['node-files/containerd', 'what all readers say'],
  'policy/findings/offered': ['engine/check-manifests', 'only files are offered anything'],
  'policy/known': ['policy/coverage', 'constants and one comparison'],
  'policy/registries/pattern': ['policy/registries/classifier', 'what images are classified by'],
  'policy/plan': ['policy/make-plan', 'types, and the plan where there is nothing to decide'],
  'policy/reference': ['policy/make-plan', 'types and two lines'],
  'report/formats/fingerprints': ['report/formats/sarif', 'what results are known by'],
  'report/formats/links': ['report/formats/sarif', 'where its rules lead to'],
  'rendering/renderers': ['rendering/find-rendered', 'how it renders'],
  'report/identity': ['report/reported', 'what a problem is known again by'],
  'report/level': ['report/json', 'it counts what is written there'],
  'scan/scan': ['commands/scan/scan', 'it adds up what is scanned'],
  'scan/scan-causes': ['commands/scan/scan', 'what is said there'],
  'scan/formats/scan-totals': ['scan/formats/scan-text', 'what is said there'],
  'scan/formats/scan-remarks': ['commands/scan/scan', 'what is said there'],
  'report/told': ['report/text', 'what is written there'],
  'server-side/unasked': ['server-side/ask-cluster', 'what is said there'],
  'snapshot/known-files': ['commands/snapshot/check-known', 'the files that are read there'],
  'snapshot/known-objects': ['snapshot/from-snapshot', 'what a snapshot is made of there'],
  'snapshot/snapshot': ['commands/snapshot/check-known', 'what a snapshot has to be'],
  'snapshot/to-snapshot': ['commands/snapshot/snapshot', 'it makes what is printed there'],
  'telemetry/log-level': ['telemetry/log', 'a list of words'],
  'tls/issue': ['tls/pair', 'what it issues is tried there'],
  'report/explanation': ['report/explanations', 'it makes the examples'],
  'report/explanations-of-pods': ['report/explanations', 'texts'],
  'report/explanations-of-secrets': ['report/explanations', 'texts'],
  package: ['commands/check', 'it reads the version that --version prints'],
}

/** What is of more than one file, or of none in `src`: it lies beside its room, or in a folder that says what it is about. */
const OF_THE_WHOLE: readonly string[] = [
  'advice/followed-in-files',
  'commands/lazy',
  'commands/secret/transcripts',
  'commands/spawn',
  'commands/texts',
  'engine/explain',
  'engine/golden',
  'engine/golden-coverage',
  'http/connection',
  'http/tls',
  'kubelet/linear',
  'kubelet/memory',
  'kubelet/recorded',
  'tls/agreement',
]

const sources = globSync('src/**/*.ts', { cwd: ROOT })
  .map(file => file.slice('src/'.length, -'.ts'.length))
  .sort()
const tests = globSync('test/**/*.test.ts', { cwd: ROOT, exclude: ['test/e2e/**'] })
  .map(file => file.slice('test/'.length, -'.test.ts'.length))
  .sort()
const rooms = new Set(sources.filter(source => source.includes('/')).map(dirname))

/** Whether a file has anything that runs: types have not. */
function runs(source: string): boolean {
  return /^export (default|async function|function|const|class|\{)/m.test(
    readFileSync(join(ROOT, 'src', `${source}.ts`), 'utf8'),
  )
}

/** The file that a test is of: `demo-pods` is of `demo-pods`, and not of `demo`. */
function sourceOf(test: string): string | undefined {
  const candidates = sources.filter(source => test === source || test.startsWith(`${source}-`))
  return candidates.sort((a, b) => a.length - b.length).at(-1)
}

t.test('every file of src has its test where one looks for it', async t => {
  const tested = new Set(tests.map(sourceOf))
  const without = sources.filter(source => runs(source) && !tested.has(source))
  t.strictSame(
    without.filter(source => !(source in TESTED_ELSEWHERE)),
    [],
    'add the test, or say in TESTED_ELSEWHERE where it is and why',
  )
  t.strictSame(
    Object.keys(TESTED_ELSEWHERE).filter(source => !without.includes(source)),
    [],
    'has a test of its own by now, or is gone',
  )
  t.strictSame(
    Object.values(TESTED_ELSEWHERE).filter(([test]) => !tests.includes(test)),
    [],
  )
})

t.test('every test in a folder of src is of a file there', async t => {
  const inRooms = tests.filter(test => rooms.has(dirname(test)))
  t.strictSame(
    inRooms.filter(test => sourceOf(test) === undefined),
    [...OF_THE_WHOLE].sort(),
  )
})

t.test('a folder is not too full to be looked through', async t => {
  const files = globSync('test/**', { cwd: ROOT, withFileTypes: true }).filter(entry => entry.isFile())
  const full = [...Map.groupBy(files, ({ parentPath }) => relative(ROOT, parentPath))].filter(
    ([, inside]) => inside.length > MAX_FILES_IN_FOLDER,
  )
  t.strictSame(
    full.map(([folder]) => folder),
    [],
  )
})
