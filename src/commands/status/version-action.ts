import type { AskFlags } from '../../ask/ask-flags.ts'
import { readVersion } from '../../package.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { visibleJson } from '../../runtime/visible.ts'
import type { Streams } from '../streams.ts'

export interface VersionFlags extends AskFlags {
  readonly client?: boolean
  readonly output: 'text' | 'json'
}

/** Writes the versions. That of a cluster is told if it can be had; why not goes to stderr. */
export async function version(flags: VersionFlags, streams: Streams): Promise<void> {
  const out = new Terminal(streams.stdout)
  const client = readVersion()
  if (flags.output === 'text') out.write(out.line`client: ${client}`)
  const server = flags.client === true ? [] : await readServer(flags, streams)
  if (flags.output === 'json') out.writeText(`${visibleJson({ client, server }, 2)}\n`)
  else
    for (const { namespace, name, versions } of server) {
      out.write(out.line`server: ${versions.join(', ')} (Deployment ${namespace}/${name})`)
    }
}

async function readServer(flags: VersionFlags, streams: Streams) {
  const [{ openAskedCluster }, { readServerVersions }] = await Promise.all([
    import('../../ask/cluster.ts'),
    import('../../status/read-replicas.ts'),
  ])
  try {
    const { namespace, ...around } = flags
    const cluster = openAskedCluster(around, streams)
    try {
      return await readServerVersions(cluster, namespace || undefined)
    } finally {
      await cluster.close()
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const err = new Terminal(streams.stderr)
    err.write(err.line`regcred: the version in the cluster is not known: ${error.message}`)
    return []
  }
}
