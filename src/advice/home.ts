import { command } from './kubectl.ts'

/** What applies objects from somewhere else, and undoes what is changed in the cluster. */
export type Tool = 'Argo CD' | 'Flux' | 'Helm'

/** What made an object, and would make it again as it was, by its own ownerReferences. */
export interface Owner {
  readonly kind: string
  readonly name: string
  /** Where it has its list of pull secrets; undefined for a kind that is not Kubernetes' own. */
  readonly list: string | undefined
}

/** Where an object is changed. */
export interface Home {
  /** It is a file that nobody has applied yet, as far as is known: it is changed there, and nothing in a cluster is. */
  readonly isFile: boolean
  /** Where its list of pull secrets stands, e.g. `spec.template.spec.imagePullSecrets`. */
  readonly list: string
  readonly tool?: Tool
  readonly owner?: Owner
  /** A Pod or a Job, whose list cannot be changed once it is there: how it is made again, from its file. */
  readonly again?: 'replace' | 'create'
}

const FROM: Readonly<Record<Tool, string>> = {
  'Argo CD': 'from where Argo CD applies it',
  Flux: 'from where Flux applies it',
  Helm: 'in the chart or its values, since Helm installed it',
}

/**
 * Where a field of an object is changed, and what is to be done then. It reads on from `write "acme" in`, and is the end of a
 * message, so that a command can be copied.
 *
 * | the object                                  | says                                       |
 * | ------------------------------------------- | ------------------------------------------ |
 * | is the mirror of a static Pod               | the field of its manifest, a file on a node |
 * | has an owner                                | the field of its owner                     |
 * | any other                                   | its own field                              |
 * | is applied by Argo CD, Flux or Helm         | besides: change it in Git                  |
 * | a Pod or a Job, and neither of these        | besides: the command that makes it again   |
 */
export function whereIn(home: Home, namespace: string): string {
  const { list, tool, owner } = home
  const field = owner === undefined ? list : `${listOf(owner, list)} of its ${nameOf(owner)}`
  if (tool !== undefined) return `${field}; ${inGit(tool)}`
  const remade = remake(home, namespace)
  return remade === undefined ? field : `${field}, then: ${remade}`
}

/** The same of anything else in its Pod spec; it reads on from `write "web:1"`. */
export function whereBeside({ tool, owner }: Home): string {
  const field = owner === undefined ? '' : ` in its ${nameOf(owner)}`
  return tool === undefined ? field : `${field}; ${inGit(tool)}`
}

/** How a Pod is made again; undefined where it is not by hand. */
export function remake(home: Home, namespace: string): string | undefined {
  return isMadeByHand(home) ? makeAgain(home.again, namespace) : undefined
}

/** Whether it is a Pod or a Job that nobody else will make again. */
export function isMadeByHand(home: Home): home is Home & Required<Pick<Home, 'again'>> {
  return home.tool === undefined && home.owner === undefined && home.again !== undefined
}

export function inGit(tool: Tool): string {
  return `change it in Git, ${FROM[tool]}`
}

function nameOf({ kind, name }: Owner): string {
  return isNode(kind) ? `manifest, a file on node "${name}"` : `${kind} "${name}"`
}

function listOf(owner: Owner, own: string): string {
  return isNode(owner.kind) ? own : (owner.list ?? 'imagePullSecrets')
}

/** A node owns the mirrors of its static Pods: what it made of files of its own. */
function isNode(kind: string): boolean {
  return kind === 'Node'
}

function makeAgain(again: 'replace' | 'create', namespace: string): string | undefined {
  const verb = again === 'replace' ? 'replace --force' : 'create'
  return command([namespace], `kubectl ${verb} --namespace ${namespace} -f FILE`)
}
