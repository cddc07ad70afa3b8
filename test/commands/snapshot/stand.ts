import type { Test } from 'tap'
import { checkCommand } from '../../../src/commands/check.ts'
import { snapshotCommand } from '../../../src/commands/snapshot/snapshot.ts'
import { secretOf } from '../ask/asked-cluster.ts'
import { authOf, MIXED } from '../ask/objects.ts'
import { runCommand, transcriptOf } from '../ask/run-command.ts'
import { type ClusterOptions, type Stored, startCluster } from '../ask/stored-cluster.ts'
import { account, namespace, secret } from '../scan/objects.ts'

/** A Secret of team-a that holds this docker config. */
function holding(name: string, config: unknown, rest: Parameters<typeof secretOf>[2] = {}): Stored {
  const { metadata, ...object } = secretOf(name, config, rest)
  return { ...object, kind: 'Secret', metadata: { ...metadata, namespace: 'team-a' } }
}

/** Two namespaces with Secrets of each kind. */
export const OBJECTS: readonly Stored[] = [
  namespace('team-a', { 'regcred.dev/mode': 'warn', 'regcred.dev/inject': 'enabled', team: 'a' }),
  namespace('team-b'),
  holding('mixed', MIXED),
  holding('regcred', { auths: { 'ghcr.io': { auth: authOf('joe', 'hunter2-Zq7') } } }),
  holding('broken', { auths: { 'ghcr.io': { auth: '%%%' } } }),
  holding('empty', '', {}),
  holding('made', {}, { annotations: { 'kubernetes.io/service-account.name': 'default' } }),
  holding('later', '', { annotations: { 'replicator.v1.mittwald.de/replicate-from': 'a/b' } }),
  holding('old', { 'ghcr.io': {} }, { type: 'kubernetes.io/dockercfg', key: '.dockercfg' }),
  holding('tls', 'hunter2-Zq7', { type: 'kubernetes.io/tls', key: 'tls.key' }),
  holding('opaque', 'hunter2-Zq7', { type: 'Opaque', key: 'password' }),
  account('default', ['regcred']),
  account('ci', []),
  secret('acme', { namespace: 'team-b' }),
]

/** Runs `regcred snapshot` on a cluster of these objects. */
export async function snapshot(
  test: Test,
  args: readonly string[],
  objects: readonly Stored[] = OBJECTS,
  options: ClusterOptions = {},
) {
  const { kubeconfig, asked } = await startCluster(test, objects, options)
  const said = await runCommand(snapshotCommand, [...args, '--kubeconfig', kubeconfig])
  return { ...said, asked, transcript: transcriptOf(['regcred snapshot', ...args].join(' '), said) }
}

/** Runs `regcred check` of this text on standard input, beside a cluster of these objects. */
export async function check(
  test: Test,
  args: readonly string[],
  input: string,
  objects: readonly Stored[] = OBJECTS,
  options: ClusterOptions = {},
) {
  const { kubeconfig, asked } = await startCluster(test, objects, options)
  const said = await runCommand(checkCommand, ['-', ...args, '--kubeconfig', kubeconfig], input)
  return { ...said, asked, transcript: transcriptOf(['regcred check -', ...args].join(' '), said) }
}

/** A Pod as people write it. */
export function podNaming(secretName: string, inNamespace = 'team-a', image = 'ghcr.io/acme/web:1'): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: ${inNamespace}}
spec:
  containers: [{name: web, image: "${image}"}]
  imagePullSecrets:
  - name: ${secretName}
`
}
