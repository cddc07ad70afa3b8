import { setFlagsFromString } from 'node:v8'
import type { AskFlags } from '../../ask/ask-flags.ts'
import { openAskedCluster } from '../../ask/cluster.ts'
import { writeRbac } from '../../ask/rbac.ts'
import { RESOURCES, WORKLOADS } from '../../ask/resources.ts'
import { prepareRulebook } from '../../policy/rulebook.ts'
import type { Level } from '../../report/level.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { type Scan, totalsOf } from '../../scan/scan.ts'
import { scanCluster } from '../../scan/scan-cluster.ts'
import { readSettings, withoutMatch } from '../settings.ts'
import type { Streams } from '../streams.ts'
import type { ScanOutput } from './formats.ts'
import { Progress } from './progress.ts'
import { checkFormats, writeScanOutputs } from './write-scan.ts'

export interface ScanFlags extends AskFlags {
  readonly allNamespaces?: boolean
  readonly selector?: string
  readonly config?: string
  readonly assumeInjection?: boolean
  /** Milliseconds. */
  readonly expiring: number
  readonly unused?: boolean
  readonly secrets?: boolean
  readonly output?: readonly ScanOutput[]
  readonly failOn: Level
  /** The user, or whether there is to be a role at all. */
  readonly rbac?: string | true
}

/** What a scan lists besides Namespaces. */
const LISTED = [...WORKLOADS, RESOURCES.Pod, RESOURCES.ServiceAccount, RESOURCES.Secret]

/** What the exit status says. */
const STATUS = { fine: 0, found: 1, couldNot: 2 } as const

/**
 * Scans a cluster and writes what was found.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function scan(flags: ScanFlags, streams: Streams): Promise<number> {
  const { allNamespaces = false, selector, expiring, rbac, assumeInjection = false } = flags
  const { output = [{ format: 'text' }] } = flags
  if (rbac !== undefined) {
    new Terminal(streams.stdout).writeText(writeRbac('regcred-scan', LISTED, rbac === true ? undefined : rbac))
    return STATUS.fine
  }
  checkFormats(output, flags)
  if (allNamespaces && flags.namespace !== undefined)
    throw new CommandError('give one of --namespace and --all-namespaces')
  const { settings } = await readSettings(flags.config)
  const rulebook = prepareRulebook(assumeInjection ? settings : withoutMatch(settings))
  spareMemory()
  const cluster = openAskedCluster(flags, streams, { isPatient: true })
  const progress = new Progress(streams)
  try {
    const options = { labelSelector: selector, rulebook, assumeInjection, expiring, now: Date.now }
    const scanned = await scanCluster(cluster, allNamespaces, options, progress)
    progress.end()
    const faults = await writeScanOutputs(scanned, output, flags, streams)
    const err = new Terminal(streams.stderr)
    for (const { namespace, reason } of scanned.notRead) err.write(err.line`regcred: ${namespace}: ${reason}`)
    for (const remark of scanned.remarks) err.write(err.line`regcred: ${remark}`)
    if (faults.length > 0) throw new CommandError(faults)
    return statusOf(scanned, flags.failOn)
  } finally {
    progress.end()
    await cluster.close()
  }
}

/**
 * Keeps the heap close to what is in use: most of what is read is garbage at once, and by itself the heap grows to twice that before it is
 * looked through. Measured with 5,000 Deployments and 10,000 pull secrets: 190 MB instead of 240, and 0.5 s more.
 */
function spareMemory(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=10')
}

/**
 * | what came of it                                     | status |
 * | --------------------------------------------------- | ------ |
 * | a namespace, or an object, could not be read        | 2      |
 * | something of the level of --fail-on or above        | 1      |
 * | anything else                                       | 0      |
 */
function statusOf({ namespaces, notRead, isComplete }: Scan, failOn: Level): number {
  if (notRead.length > 0 || !isComplete) return STATUS.couldNot
  const { willNotPull, mayNotPull, notes } = totalsOf({ namespaces })
  const counted = { error: willNotPull, warning: willNotPull + mayNotPull, note: willNotPull + mayNotPull + notes }[
    failOn
  ]
  return counted > 0 ? STATUS.found : STATUS.fine
}
