import type { AskFlags } from '../../ask/ask-flags.ts'
import { openAskedCluster } from '../../ask/cluster.ts'
import { parseTarget, RESOURCES, type Target, WORKLOADS } from '../../ask/resources.ts'
import { examine } from '../../diagnosis/examine.ts'
import { findPods } from '../../diagnosis/find-pods.ts'
import { observePod } from '../../diagnosis/observe-pod.ts'
import { isObjectName } from '../../kube/object-name.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { nearestName } from '../../runtime/nearest-name.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { visibleJson } from '../../runtime/visible.ts'
import { readSettings } from '../settings.ts'
import { type Streams, widthOf } from '../streams.ts'
import { toJson, writeWhy } from './write-why.ts'

export interface WhyFlags extends AskFlags {
  readonly config?: string
  readonly output: 'text' | 'json'
}

/** What the exit status says. */
const STATUS = { nothingWaits: 0, waits: 1 } as const

/**
 * Finds out why images are not pulled, and writes it.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function why(words: readonly string[], flags: WhyFlags, streams: Streams): Promise<number> {
  const target = readTarget(words)
  const { settings } = await readSettings(flags.config)
  const cluster = openAskedCluster(flags, streams)
  try {
    const found = await findPods(cluster, target)
    const isOpen = found.waiting > 0 || found.open > 0
    const examined = isOpen ? await examine(await observePod(cluster, found.pod), settings, Date.now) : []
    const waiting = found.waiting > 0 || examined.length === 0 ? found.waiting : found.open
    const answer = { ...found, waiting, target, namespace: cluster.namespace, examined, now: Date.now() }
    const out = new Terminal(streams.stdout)
    if (flags.output === 'json') out.writeText(`${visibleJson(toJson(answer), 2)}\n`)
    else out.write(...writeWhy(answer, widthOf(streams.stdout), out))
    return waiting === 0 ? STATUS.nothingWaits : STATUS.waits
  } finally {
    await cluster.close()
  }
}

/** Kinds that are or make Pods. */
const KINDS = [RESOURCES.Pod, ...WORKLOADS]

/** Reads what is asked about as kubectl does: `web`, `pod/web`, `deployments.apps/web` or `deployment web`. */
function readTarget(words: readonly string[]): Target {
  const [first = '', second, ...more] = words
  if (more.length > 0) throw new CommandError(`give one object: regcred why ${first} ${second}`)
  const text = second !== undefined ? `${first}/${second}` : first.includes('/') ? first : `pod/${first}`
  if (/^[^/]*\/\s*$/.test(text)) throw new CommandError(`give a name behind "${text.trim()}", e.g. pod/web`)
  const target = parseTarget(text)
  if (target === undefined || !KINDS.includes(target.resource)) throw tellKind(text)
  if (!isObjectName(target.name)) throw new CommandError(`no object can have the name "${target.name}"`)
  return target
}

function tellKind(text: string): CommandError {
  const [word = ''] = text.toLowerCase().split('/')
  const names = KINDS.map(({ kind }) => kind.toLowerCase())
  const near = nearestName(word, names, { limit: 3 })
  const advice = near === undefined ? `give one of ${names.join(', ')}` : `did you mean ${near}?`
  return new CommandError(`"${word}" is no kind that makes Pods; ${advice}`)
}
