/**
 * What each room of `src` may import, besides itself: the arrows of docs/design.md, from the ground up. A folder stands for
 * all below it, and a file at the top of `src` for itself. Types count as much as code does.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  runtime: [],
  'package.ts': [],
  kube: ['runtime'],
  kubelet: ['runtime'],
  advice: [],
  policy: ['advice', 'kubelet', 'runtime'],
  config: ['policy', 'runtime'],
  decision: ['advice', 'policy', 'runtime'],
  // Self-managed certificates are kept in objects of the cluster.
  tls: ['kube', 'runtime'],
  review: ['advice', 'decision', 'kubelet', 'policy', 'runtime'],
  cluster: ['kube', 'kubelet', 'policy', 'review', 'runtime'],
  manifests: ['cluster', 'kube', 'kubelet', 'policy', 'review', 'runtime'],
  // The logins of this machine, and what a person types.
  logins: ['kube', 'kubelet', 'runtime'],
  // What the files of a node say, which are read as manifests are.
  'node-files': ['kube', 'kubelet', 'manifests', 'policy', 'runtime'],
  engine: ['cluster', 'decision', 'kubelet', 'manifests', 'policy', 'review', 'runtime'],
  // What Secrets and docker configs are worth, for who reads them himself, and what can be pulled with them.
  inspection: ['advice', 'engine', 'kube', 'kubelet', 'manifests', 'policy', 'review', 'runtime'],
  // A cluster that a command asks once.
  ask: ['cluster', 'kube', 'runtime', 'package.ts'],
  // Why a node did not pull: what it said, and what the engine makes of the Pod.
  diagnosis: ['advice', 'ask', 'decision', 'engine', 'kube', 'kubelet', 'manifests', 'policy', 'review', 'runtime'],
  http: ['engine', 'review', 'runtime'],
  telemetry: ['engine', 'policy', 'runtime'],
  report: ['advice', 'decision', 'engine', 'inspection', 'manifests', 'policy', 'runtime'],
  // What helm and kustomize make of the files.
  rendering: ['kube', 'manifests', 'runtime'],
  // What a repository says of how it is to be checked, and which findings count.
  checking: ['config', 'decision', 'engine', 'kube', 'manifests', 'policy', 'report', 'runtime'],
  'app.ts': ['cluster', 'http', 'policy', 'runtime', 'telemetry', 'tls'],
  // What is known of the pull secrets of a cluster, read from it or from a file.
  snapshot: ['ask', 'cluster', 'kube', 'kubelet', 'manifests', 'policy', 'review', 'runtime'],
  // What a cluster says of manifests on dry runs.
  'server-side': ['ask', 'engine', 'kube', 'manifests', 'policy', 'review', 'runtime'],
  // What in a live cluster cannot pull, by cause, and how that is written.
  scan: [
    ...['advice', 'ask', 'decision', 'diagnosis', 'engine', 'inspection', 'kube', 'manifests', 'policy', 'report'],
    ...['review', 'runtime'],
  ],
  // Whether regcred does its work in a cluster.
  status: ['ask', 'config', 'kube', 'policy', 'runtime', 'tls'],
  // One HTML file about a scan, or about many.
  page: ['advice', 'report', 'runtime', 'scan'],
  commands: [
    ...[
      'app.ts',
      'ask',
      'checking',
      'cluster',
      'config',
      'diagnosis',
      'engine',
      'inspection',
      'kube',
      'kubelet',
      'logins',
    ],
    ...[
      'manifests',
      'node-files',
      'page',
      'policy',
      'rendering',
      'report',
      'review',
      'runtime',
      'scan',
      'server-side',
      'snapshot',
      'status',
      'telemetry',
      'tls',
      'package.ts',
    ],
  ],
  'program.ts': ['commands', 'runtime', 'package.ts'],
  'cli.ts': ['program.ts', 'runtime'],
}

/** Rooms that nearly every other stands on: an arrow to them tells a reader nothing, so the picture leaves it out. */
const GROUND: readonly string[] = ['runtime', 'package.ts']

/** The picture of docs/design.md: the arrows, without those that follow from others. */
export function drawArrows(arrows: typeof ARROWS = ARROWS): string {
  const lines = Object.entries(arrows).flatMap(([room, targets]) => {
    const others = targets.filter(target => !GROUND.includes(target))
    const needed = others.filter(target => !others.some(via => via !== target && reaches(arrows, via, target)))
    return needed.map(target => `  ${nameOf(room)} --> ${nameOf(target)}`)
  })
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n')
}

function reaches(arrows: typeof ARROWS, from: string, to: string): boolean {
  return (arrows[from] ?? []).some(next => next === to || reaches(arrows, next, to))
}

/** Mermaid takes a dot in a name for something else. */
function nameOf(room: string): string {
  return room.includes('.') ? `${room.replace('.ts', '')}["${room}"]` : `${room}["${room}/"]`
}
