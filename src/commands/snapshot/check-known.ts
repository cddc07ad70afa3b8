import { randomBytes } from 'node:crypto'
import type { AskFlags } from '../../ask/ask-flags.ts'
import type { CheckOptions } from '../../engine/check-manifests.ts'
import type { Checked } from '../../engine/checked.ts'
import type { Found } from '../../manifests/found.ts'
import type { KindPath } from '../../policy/settings.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { Terminal } from '../../runtime/terminal.ts'
import type { ClusterQuestions } from '../../server-side/ask-cluster.ts'
import type { ReadCluster } from '../../snapshot/read-cluster.ts'
import type { Streams } from '../streams.ts'

/** How `check` gets to know the Secrets of the cluster to which manifests are to go. */
export interface KnownFlags extends AskFlags {
  readonly knownSecrets?: readonly string[]
  readonly cluster?: boolean
  readonly serverSide?: boolean
}

/** Judges objects, by what is known beside them. */
export type Judge = (found: AsyncIterable<Found>, beside?: Pick<CheckOptions, 'lookUp' | 'toldOf'>) => Promise<Checked>

/** What a check knows of a cluster, and what there is to say of that. */
export interface Known {
  /** The namespace of objects that name none. */
  readonly namespace: string
  /** Has objects judged by it. @throws {CommandError} */
  judge(found: AsyncIterable<Found>, judge: Judge): Promise<Checked>
  /** Says what there is to know of it. @returns whether something could not be read */
  tell(err: Terminal): boolean
}

/**
 * Gets to know what the flags ask for; undefined where they ask for nothing.
 *
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function openKnown(
  flags: KnownFlags,
  templates: readonly KindPath[],
  streams: Streams,
): Promise<Known | undefined> {
  const { knownSecrets = [], cluster = false, serverSide = false } = flags
  if (knownSecrets.length === 0 && !cluster && !serverSide) return undefined
  const asked = cluster ? await openCluster(flags, streams) : undefined
  const questions = serverSide ? await openQuestions(flags, templates, streams) : undefined
  const namespace = asked?.namespace ?? questions?.namespace ?? (flags.namespace || 'default')
  const files = await readFiles(knownSecrets, namespace, streams)
  const remarks = [...files.notes]
  let isPartial = false
  return {
    namespace,
    judge: async (found, judge) => {
      const lookUp = async (namespaces: readonly string[]) => {
        const { known, notRead, absent } = (await asked?.read(namespaces)) ?? NOTHING
        remarks.push(...notRead.map(one => `${one.namespace}: ${one.reason}`))
        if (absent.length > 0) remarks.push(`namespace ${absent.join(', ')} does not exist in the cluster`)
        isPartial = notRead.length > 0
        return [...known, ...files.known]
      }
      if (questions === undefined) return await judge(found, { lookUp })
      try {
        return await questions.leaveOut(await judge(questions.watch(found), { lookUp, toldOf: questions.take }))
      } finally {
        await questions.close()
      }
    },
    tell: err => {
      for (const remark of [...remarks, ...(questions?.remarks() ?? [])]) err.write(err.line`regcred: ${remark}`)
      return isPartial || questions?.isPartial() === true
    },
  }
}

const NOTHING: ReadCluster = { known: [], notRead: [], absent: [] }

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

async function openQuestions(flags: KnownFlags, templates: readonly KindPath[], streams: Streams) {
  const [{ openDryRuns }, { ClusterQuestions }, { Progress }] = await Promise.all([
    import('../../ask/dry-runs.ts'),
    import('../../server-side/ask-cluster.ts'),
    import('../scan/progress.ts'),
  ])
  const dryRuns = openDryRuns(flags, streams)
  const progress = new Progress(streams)
  const questions = new ClusterQuestions(dryRuns, {
    ...{ templates, suffix: randomBytes(4).toString('hex'), now: () => performance.now() },
    watch: (done, all) => progress.showCount(done, all, 'object'),
  })
  return {
    namespace: dryRuns.namespace,
    watch: (found: AsyncIterable<Found>) => questions.watch(found),
    take: async (...of: Parameters<ClusterQuestions['take']>) => await questions.take(...of),
    /** What is not known here the cluster knew, where it says what is wrong. */
    leaveOut: async (checked: Checked): Promise<Checked> => {
      const heard = new Set<string>()
      const unknown = [...checked.unknownNamespaces, ...checked.unknownAccounts.map(namespaceOf)]
      for (const namespace of unknown) if (await questions.isHeard(namespace)) heard.add(namespace)
      return {
        ...checked,
        unknownNamespaces: checked.unknownNamespaces.filter(namespace => !heard.has(namespace)),
        unknownAccounts: checked.unknownAccounts.filter(account => !heard.has(namespaceOf(account))),
      }
    },
    isPartial: () => questions.faults.length > 0,
    remarks: () => [...questions.remarks, ...questions.faults],
    close: async () => {
      await questions.settle()
      progress.end()
      await dryRuns.close()
    },
  }
}

/** Of a ServiceAccount as `namespace/name`. */
function namespaceOf(account: string): string {
  return account.slice(0, account.indexOf('/'))
}
