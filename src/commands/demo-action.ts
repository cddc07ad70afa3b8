import closeWithGrace from 'close-with-grace'
import { createTwoFilesPatch } from 'diff'
import { stringify } from 'yaml'
import { App } from '../app.ts'
import { findExamples, readVersion } from '../package.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'
import { openLog } from '../telemetry/log.ts'
import { Metrics } from '../telemetry/metrics.ts'
import { issueCertificate } from '../tls/issue.ts'
import { openManifests } from './cluster.ts'
import { type Applied, applyPod, walkthroughPods } from './demo-pods.ts'
import { readSettings } from './settings.ts'

export interface DemoFlags {
  readonly serve?: boolean
}

/** Runs the examples: shows what comes of each Pod of the walkthrough, or serves them. */
export async function demo(flags: DemoFlags, out: Terminal): Promise<void> {
  const examples = findExamples()
  const demo = await startDemo(examples, flags.serve ? 'info' : 'silent')
  if (flags.serve) stay(demo, out)
  else await show(demo, examples, out)
}

interface Demo {
  readonly url: string
  readonly ca: string
  close(): Promise<void>
}

async function startDemo(examples: string, logLevel: 'info' | 'silent'): Promise<Demo> {
  const { log, close: closeLog } = openLog(logLevel)
  const { settings } = await readSettings(`${examples}regcred.yaml`)
  const { ca, cert, key } = await issueCertificate(['localhost', '127.0.0.1'])
  const app = new App({
    cluster: await openManifests(`${examples}cluster`, settings.view.secrets),
    metrics: new Metrics(),
    settings,
    pair: { cert, key },
    log,
    version: readVersion(),
  })
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  return { url, ca, close: () => app.close().then(closeLog) }
}

/** Sends each Pod of the walkthrough through both webhooks and prints what comes of it. */
async function show(demo: Demo, examples: string, out: Terminal): Promise<void> {
  try {
    out.write(out.line`regcred serves the manifests in examples/ at ${demo.url}`)
    for (const { title, pod } of walkthroughPods(examples)) {
      const applied = await applyPod(demo, pod)
      out.write(out.line``, out.paint('bold', `# ${title}`), out.line`$ kubectl apply -f private-reg-pod.yaml`)
      out.write(...linesOf(applied, out))
    }
  } finally {
    await demo.close()
  }
}

function stay(demo: Demo, out: Terminal): void {
  // First: whoever reads that Ctrl-C ends it may press it at once.
  closeWithGrace({ logger: false }, () => demo.close())
  out.write(out.line`regcred serves the manifests in examples/ at ${demo.url}; Ctrl-C ends it`)
  out.write(out.line`try: curl --insecure ${demo.url}/readyz?verbose`)
}

/** What kubectl prints, and below it, as a diff, what was injected. */
function linesOf({ name, before, after, warnings, refusal }: Applied, out: Terminal): readonly Shown[] {
  const lines = warnings.map(warning => out.line`${out.paint('yellow', 'Warning:')} ${warning}`)
  if (refusal !== undefined) {
    const webhook = 'admission webhook "validate.regcred.dev" denied the request'
    return [...lines, out.paint('red', `Error from server (Forbidden): ${webhook}: ${refusal}`)]
  }
  const diff = createTwoFilesPatch('sent', 'stored', stringify(before), stringify(after), undefined, undefined, {
    context: 2,
  })
  const changes = diff.split('\n').slice(3, -1)
  const coloured = changes.map(line => (line.startsWith('+') ? out.paint('green', line) : out.line`${line}`))
  return [...lines, out.line`pod/${name} created${changes.length === 0 ? ', unchanged' : ''}`, ...coloured]
}
