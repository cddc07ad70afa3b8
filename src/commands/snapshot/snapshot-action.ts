import type { AskFlags } from '../../ask/ask-flags.ts'
import { openAskedCluster } from '../../ask/cluster.ts'
import { findNamespaces, findOwnNamespace } from '../../ask/namespaces.ts'
import { writeRbac } from '../../ask/rbac.ts'
import { RESOURCES } from '../../ask/resources.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { visibleJson } from '../../runtime/visible.ts'
import { readFound } from '../../snapshot/read-cluster.ts'
import { toSnapshot } from '../../snapshot/to-snapshot.ts'
import { writeWhole } from '../outputs/write-whole.ts'
import { Progress } from '../scan/progress.ts'
import type { Streams } from '../streams.ts'

export interface SnapshotFlags extends AskFlags {
  readonly allNamespaces?: boolean
  readonly output: 'yaml' | 'json'
  readonly outputFile?: string
  /** The user, or whether there is to be a role at all. */
  readonly rbac?: string | true
}

/** What the exit status says. */
const STATUS = { fine: 0, couldNot: 2 } as const

/**
 * Writes a snapshot of a cluster, or of one of its namespaces.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function snapshot(flags: SnapshotFlags, streams: Streams): Promise<number> {
  const { allNamespaces = false, rbac, outputFile } = flags
  const out = new Terminal(streams.stdout)
  if (rbac !== undefined) {
    const kinds = [RESOURCES.Secret, RESOURCES.ServiceAccount]
    out.writeText(writeRbac('regcred-snapshot', kinds, rbac === true ? undefined : rbac))
    return STATUS.fine
  }
  if (allNamespaces && flags.namespace !== undefined)
    throw new CommandError('give one of --namespace and --all-namespaces')
  const { text, notRead } = await take(flags, streams)
  if (outputFile === undefined) out.writeText(text)
  else {
    const fault = await writeWhole(outputFile, text)
    if (fault !== undefined) throw new CommandError(`cannot write ${outputFile}: ${fault}`)
  }
  const err = new Terminal(streams.stderr)
  for (const { namespace, reason } of notRead) err.write(err.line`regcred: ${namespace}: ${reason}`)
  return notRead.length === 0 ? STATUS.fine : STATUS.couldNot
}

async function take(flags: SnapshotFlags, streams: Streams) {
  const cluster = openAskedCluster(flags, streams, { isPatient: true })
  const progress = new Progress(streams)
  try {
    const found = flags.allNamespaces ? await findNamespaces(cluster, 'snapshot') : [await findOwnNamespace(cluster)]
    const read = await readFound(cluster, found, (done, all) => progress.showCount(done, all, 'namespace'))
    const taken = toSnapshot(read, cluster.server, Date.now())
    return { text: await write(taken, flags.output), notRead: read.notRead }
  } finally {
    progress.end()
    await cluster.close()
  }
}

async function write(taken: object, output: SnapshotFlags['output']): Promise<string> {
  if (output === 'json') return `${visibleJson(taken, 2)}\n`
  const { toYaml } = await import('../secret/yaml.ts')
  return toYaml(taken)
}
