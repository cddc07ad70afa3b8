import type { WholeCluster } from '../ask/cluster.ts'
import { RESOURCES } from '../ask/resources.ts'
import { getItems, getText } from '../kube/untyped.ts'
import { PULL_SECRETS_ANNOTATION } from '../policy/labels.ts'
import type { NamespaceState } from './namespaces.ts'
import type { Part } from './part.ts'

const PART = 'dryRun'
/** Namespaces in which it is tried: in the first ones Pods may not be made, or by nobody. */
const MAX_TRIED = 5

/** Names that nobody else gives: what is said of them is about this Pod. */
const POD = 'regcred-status-dry-run'
const LISTED = 'regcred-status-listed'
const ADDED = 'regcred-status-added'

/**
 * The Pod that regcred has something to say about in nearly every configuration: a pull secret that it lists is missing, and it asks for
 * another. It fits Pod Security "restricted" and quotas, and is never stored.
 */
const DRY_RUN_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: POD, annotations: { [PULL_SECRETS_ANNOTATION]: ADDED } },
  spec: {
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: LISTED }],
    securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'none',
        image: 'registry.invalid/regcred/status:1',
        resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
} as const

/** Where a Pod is tried, and what is known of it. */
export interface Trial {
  /** The namespace of the context. */
  readonly preferred: string
  /** Undefined where they may not be listed. */
  readonly namespaces: readonly NamespaceState[] | undefined
  /** Whether the API server refuses Pods while regcred does not answer; undefined where that is not known. */
  readonly isFailing: boolean | undefined
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/**
 * Has a Pod made that is not stored, where regcred is asked about it and would say something, and looks whether it did.
 *
 * | the API server                                        | state   |
 * | ----------------------------------------------------- | ------- |
 * | warned of it, added to it or refused it for regcred   | good    |
 * | refused it, since regcred did not answer              | bad     |
 * | took it without a word, and would without regcred     | bad where mode warn or enforce holds, else unknown |
 * | took it without a word, and would not without regcred | good    |
 * | refused it for another reason                         | the next namespace, or unknown |
 *
 * @throws {AskError} where the cluster does not answer
 */
export async function tryPod(cluster: WholeCluster, trial: Trial): Promise<Part> {
  const refusals: string[] = []
  for (const namespace of placesOf(trial)) {
    const part = await tryIn(cluster, namespace, trial)
    if (typeof part !== 'string') return part
    refusals.push(part)
  }
  const [refusal] = refusals
  if (refusal !== undefined) return { part: PART, state: 'unknown', text: `no dry-run Pod could be made: ${refusal}` }
  return { part: PART, state: 'unknown', text: 'there is no namespace in which regcred is asked about Pods' }
}

/** Those where it would say something come first, the preferred one before others. */
function placesOf({ preferred, namespaces }: Trial): readonly string[] {
  if (namespaces === undefined) return [...new Set([preferred, 'default'])]
  const wanted = [preferred, 'default']
  const rank = ({ name, mode }: NamespaceState) =>
    (wanted.includes(name) ? wanted.indexOf(name) : wanted.length) + (isActing(mode) ? 0 : 1 + wanted.length)
  return namespaces
    .filter(({ isAsked }) => isAsked)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MAX_TRIED)
    .map(({ name }) => name)
}

/** @returns the sentence of another refusal instead */
async function tryIn(cluster: WholeCluster, namespace: string, trial: Trial): Promise<Part | string> {
  const { now, namespaces, isFailing } = trial
  const start = now()
  const answer = await cluster.within(namespace).createDry(RESOURCES.Pod, DRY_RUN_POD)
  const milliseconds = Math.round(now() - start)
  const where = `a dry-run Pod in namespace ${namespace}`
  const facts = { namespace, milliseconds }
  const answered: Part = { part: PART, state: 'good', text: `${where} was answered in ${milliseconds} ms`, facts }
  if ('refusal' in answer) {
    if (/admission webhook "[^"]*\.regcred\.dev" denied/.test(answer.refusal)) return answered
    if (!/failed calling webhook "[^"]*\.regcred\.dev"/.test(answer.refusal)) return answer.refusal
    return {
      part: PART,
      state: 'bad',
      text: `${where} was refused, since regcred did not answer: ${answer.refusal}`,
      facts,
    }
  }
  const added = getItems(answer.object, 'spec', 'imagePullSecrets').map(one => getText(one, 'name'))
  if (added.includes(ADDED) || answer.warnings.some(warning => warning.includes(LISTED))) return answered
  if (isFailing === true) return answered
  const mode = namespaces?.find(({ name }) => name === namespace)?.mode
  const text = `${where} was let through in ${milliseconds} ms, without a word of regcred`
  if (isFailing === false && isActing(mode)) return { part: PART, state: 'bad', text, facts }
  return { part: PART, state: 'unknown', text, facts }
}

/** A mode in which a person is told something. */
function isActing(mode: NamespaceState['mode']): boolean {
  return mode === 'warn' || mode === 'enforce'
}
