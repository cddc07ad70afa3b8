import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { scanCommand } from '../../../src/commands/scan/scan.ts'
import { type ClusterOptions, type Stored, startCluster } from '../ask/stored-cluster.ts'
import { PASSWORD } from './objects.ts'

export interface Outcome {
  readonly out: string
  readonly err: string
  readonly status: unknown
  readonly asked: readonly string[]
}

/** What is said of each stand-in, since it does without TLS. */
const INSECURE = /^regcred: The cluster "c" is reached without TLS .*\n/

/** Runs `regcred scan` on a cluster of these objects. No password may be in what it says. */
export async function scan(
  t: Test,
  args: readonly string[],
  objects: readonly Stored[],
  options: ClusterOptions = {},
): Promise<Outcome> {
  const { kubeconfig, asked } = await startCluster(t, objects, options)
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  process.exitCode = undefined
  try {
    const command = scanCommand({ stdin: process.stdin, stdout, stderr }).exitOverride()
    await command.parseAsync([...args, `--kubeconfig=${kubeconfig}`], { from: 'user' })
    const { exitCode: status } = process
    stdout.end()
    stderr.end()
    const [out, err] = [await text(stdout), await text(stderr)]
    t.notMatch(`${out}${err}`, PASSWORD)
    return { out, err: err.replace(INSECURE, ''), status, asked }
  } finally {
    process.exitCode = undefined
  }
}
