import type { AskFlags } from '../../ask/ask-flags.ts'
import type { KnownNamespace } from '../../cluster/view.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { Terminal } from '../../runtime/terminal.ts'
import type { Streams } from '../streams.ts'

/** How `check` gets to know the Secrets of the cluster to which manifests are to go. */
export interface KnownFlags extends AskFlags {
  readonly knownSecrets: readonly string[]
  readonly cluster?: boolean
}

/** What a check knows of a cluster, and what there is to say of that. */
export interface Known {
  /** The namespace of objects that name none. */
  readonly namespace: string
  /** Reads what is known of these namespaces. @throws {CommandError} */
  lookUp(namespaces: readonly string[]): Promise<readonly KnownNamespace[]>
  /** Says what there is to know of it. @returns whether something could not be read */
  tell(err: Terminal): boolean
}

/**
 * Gets to know what the flags ask for; undefined where they ask for nothing.
 *
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function openKnown(flags: KnownFlags, streams: Streams): Promise<Known | undefined> {
  const { knownSecrets, cluster = false } = flags
  if (knownSecrets.length === 0 && !cluster) return undefined
  const asked = cluster ? await openCluster(flags, streams) : undefined
  const namespace = asked?.namespace ?? (flags.namespace || 'default')
  const files = await readFiles(knownSecrets, namespace, streams)
  const remarks = [...files.notes]
  let isPartial = false
  return {
    namespace,
    lookUp: async namespaces => {
      const read = await asked?.read(namespaces)
      const { known = [], notRead = [], absent = [] } = read ?? {}
      remarks.push(...notRead.map(one => `${one.namespace}: ${one.reason}`))
      if (absent.length > 0) remarks.push(`namespace ${absent.join(', ')} does not exist in the cluster`)
      isPartial = notRead.length > 0
      return [...known, ...files.known]
    },
    tell: err => {
      for (const remark of remarks) err.write(err.line`regcred: ${remark}`)
      return isPartial
    },
  }
}

async function readFiles(paths: readonly string[], namespace: string, { stdin }: Streams) {
  if (paths.length === 0) return { known: [], notes: [] }
  const { readKnownFiles } = await import('../../snapshot/known-files.ts')
  const read = await readKnownFiles(paths, stdin, namespace, Date.now())
  if (read.faults.length > 0) throw new CommandError(read.faults)
  return read
}

async function openCluster(flags: KnownFlags, streams: Streams) {
  const [{ openAskedCluster }, { readNamespaces }, { Progress }] = await Promise.all([
    import('../../ask/cluster.ts'),
    import('../../snapshot/read-cluster.ts'),
    import('../scan/progress.ts'),
  ])
  const cluster = openAskedCluster(flags, streams, { isPatient: true })
  const read = async (namespaces: readonly string[]) => {
    const progress = new Progress(streams)
    try {
      return await readNamespaces(cluster, namespaces, (done, all) => progress.showCount(done, all, 'namespace'))
    } finally {
      progress.end()
      await cluster.close()
    }
  }
  return { namespace: cluster.namespace, read }
}
