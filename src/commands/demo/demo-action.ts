import closeWithGrace from 'close-with-grace'
import { createTwoFilesPatch } from 'diff'
import { stringify } from 'yaml'
import { App } from '../../app.ts'
import type { Manifest } from '../../manifests/found.ts'
import { findExamples, readVersion } from '../../package.ts'
import type { Settings } from '../../policy/settings.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { type Shown, Terminal } from '../../runtime/terminal.ts'
import { openLog } from '../../telemetry/log.ts'
import { Metrics } from '../../telemetry/metrics.ts'
import { issueCertificate } from '../../tls/issue.ts'
import { clusterOf } from '../cluster.ts'
import { readSettings } from '../settings.ts'
import type { Streams } from '../streams.ts'
import { objectsToSend, readToApply } from './apply-file.ts'
import { type Applied, applyObject } from './apply-object.ts'
import { walkthroughPods } from './walkthrough.ts'

export interface DemoFlags {
  readonly serve?: boolean
  readonly apply?: string
}

/** What the exit status says. */
const STATUS = { fine: 0, refused: 1 } as const

/**
 * Runs the examples: shows what comes of each Pod of the walkthrough, or of the objects of a file; or serves them.
 *
 * @returns the exit status
 * @throws {CommandError} where the file is none of manifests
 */
export async function demo({ serve = false, apply }: DemoFlags, streams: Streams): Promise<number> {
  if (serve && apply !== undefined) throw new CommandError('give one of --serve and --apply')
  const out = new Terminal(streams.stdout)
  const own = apply === undefined ? [] : await readToApply(apply, streams.stdin)
  const demo = await startDemo(serve ? 'info' : 'silent', own)
  if (serve) {
    stay(demo, out)
    return STATUS.fine
  }
  try {
    if (apply !== undefined) return await applyAll(demo, apply, own, out)
    await show(demo, out)
    return STATUS.fine
  } finally {
    await demo.close()
  }
}

interface Demo {
  readonly url: string
  readonly ca: string
  readonly templates: Settings['templates']
  /** The folder of the examples. */
  readonly examples: string
  close(): Promise<void>
}

/** @param own objects that are in the cluster as well */
async function startDemo(logLevel: 'info' | 'silent', own: readonly Manifest[]): Promise<Demo> {
  const { log, close: closeLog } = openLog(logLevel)
  const examples = findExamples()
  const { settings } = await readSettings(`${examples}regcred.yaml`)
  const around = await readToApply(`${examples}cluster`)
  const { ca, cert, key } = await issueCertificate(['localhost', '127.0.0.1'])
  const app = new App({
    cluster: await clusterOf([...around, ...own], settings.view.secrets),
    metrics: new Metrics(),
    settings,
    pair: { cert, key },
    log,
    version: readVersion(),
  })
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  return { url, ca, examples, templates: settings.templates, close: () => app.close().then(closeLog) }
}

/** Sends each Pod of the walkthrough through both webhooks and prints what comes of it. */
async function show(demo: Demo, out: Terminal): Promise<void> {
  out.write(out.line`regcred serves the manifests in examples/ at ${demo.url}`)
  for (const { title, pod } of walkthroughPods(demo.examples)) {
    const applied = await applyObject(demo, pod)
    out.write(out.line``, out.paint('bold', `# ${title}`), out.line`$ kubectl apply -f private-reg-pod.yaml`)
    out.write(...linesOf(applied, `pod/${pod.metadata.name}`, 'validate', '', out))
  }
}

/** Sends the objects of a file, and prints of each what kubectl would. */
async function applyAll(demo: Demo, file: string, own: readonly Manifest[], out: Terminal): Promise<number> {
  let status: number = STATUS.fine
  for (const { object, title, webhook } of objectsToSend(own, demo.templates)) {
    if (webhook === undefined) {
      out.write(out.line`${title} created (regcred is not asked about it)`)
      continue
    }
    const applied = await applyObject(demo, object)
    if (applied.refusal !== undefined) status = STATUS.refused
    out.write(...linesOf(applied, title, webhook, `error when creating "${file}": `, out))
  }
  return status
}

function stay(demo: Demo, out: Terminal): void {
  // First: whoever reads that Ctrl-C ends it may press it at once.
  closeWithGrace({ logger: false }, () => demo.close())
  out.write(out.line`regcred serves the manifests in examples/ at ${demo.url}; Ctrl-C ends it`)
  out.write(out.line`try: curl --insecure ${demo.url}/readyz?verbose`)
}

/** What kubectl prints, and below it, as a diff, what was injected. */
function linesOf(
  { before, after, warnings, refusal }: Applied,
  title: string,
  webhook: string,
  prefix: string,
  out: Terminal,
): readonly Shown[] {
  const lines = warnings.map(warning => out.line`${out.paint('yellow', 'Warning:')} ${warning}`)
  if (refusal !== undefined) {
    const denied = `${prefix}admission webhook "${webhook}.regcred.dev" denied the request`
    return [...lines, out.paint('red', `Error from server (Forbidden): ${denied}: ${refusal}`)]
  }
  const diff = createTwoFilesPatch('sent', 'stored', stringify(before), stringify(after), undefined, undefined, {
    context: 2,
  })
  const changes = diff.split('\n').slice(3, -1)
  const coloured = changes.map(line => (line.startsWith('+') ? out.paint('green', line) : out.line`${line}`))
  return [...lines, out.line`${title} created${changes.length === 0 ? ', unchanged' : ''}`, ...coloured]
}
