import type { AskFlags } from '../../ask/ask-flags.ts'
import { openAskedCluster } from '../../ask/cluster.ts'
import { readVersion } from '../../package.ts'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { awaitReady } from '../../status/await-ready.ts'
import { readStatus } from '../../status/read-status.ts'
import { writeStatus, writeStatusJson } from '../../status/write-status.ts'
import { ProgressLine } from '../scan/progress.ts'
import { type Streams, widthOf } from '../streams.ts'

export interface StatusFlags extends AskFlags {
  /** Milliseconds; 0 looks once. */
  readonly wait: number
  readonly output: 'text' | 'json'
}

/** What the exit status says. */
const STATUS = { ready: 0, notReady: 1, unknown: 2 } as const

/**
 * Looks whether regcred does its work, and writes it.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function status(flags: StatusFlags, streams: Streams, clock: Clock = systemClock): Promise<number> {
  const { namespace, ...around } = flags
  // The namespace is that of regcred; a Pod is tried in the one of the context.
  const cluster = openAskedCluster(around, streams)
  const line = new ProgressLine(streams.stderr)
  const now = () => clock.now()
  const options = { namespace: namespace || undefined, client: readVersion(), today: Date.now, now }
  try {
    const wait = { milliseconds: flags.wait, clock, tell: (text: string) => line.show(text) }
    const { releases, verdict } = await awaitReady(() => readStatus(cluster, options), wait)
    line.end()
    const out = new Terminal(streams.stdout)
    if (flags.output === 'json') out.writeText(writeStatusJson(releases, verdict))
    else out.write(...writeStatus(releases, verdict, widthOf(streams.stdout), out))
    return STATUS[verdict]
  } finally {
    line.end()
    await cluster.close()
  }
}
