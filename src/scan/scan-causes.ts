import { tellCause } from '../decision/causes.ts'
import type { Checked, CheckedObject } from '../engine/checked.ts'
import type { Level } from '../report/level.ts'
import { causesIn } from '../report/told.ts'
import type { AffectedWorkload, ScanCause, Workload } from './scan.ts'

/** Kinds that pull nothing themselves: what is wrong with them alone keeps no Pod from pulling. */
const WITHOUT_PODS: ReadonlySet<string> = new Set(['Secret', 'Namespace'])

const RANK = { note: 0, warning: 1, error: 2 } as const satisfies Record<Level, number>

type Said = Pick<ScanCause, 'level' | 'code' | 'secret' | 'problem' | 'advice'>

/** A cause, as objects are added to it. */
interface Growing {
  said: Said
  readonly workloads: Map<string, Required<AffectedWorkload>>
}

/**
 * The causes of all that is wrong in one namespace, the gravest first, each with the workloads for which it holds.
 *
 * @param namedAs how an object is called, and how many of its Pods wait: a Pod may stand for what made it
 */
export function causesAmong(
  namespace: string,
  { objects }: Pick<Checked, 'objects'>,
  assumeInjection: boolean,
  namedAs: (kind: string, name: string) => Workload,
): readonly ScanCause[] {
  const causes = new Map<string, Growing>()
  for (const object of objects) {
    for (const [key, said] of saidOf(object, assumeInjection)) {
      const known = causes.get(key) ?? { said, workloads: new Map() }
      causes.set(key, known)
      if (RANK[said.level] > RANK[known.said.level]) known.said = said
      const { kind } = object.manifest
      if (WITHOUT_PODS.has(kind)) continue
      const workload = namedAs(kind, object.name)
      known.workloads.set(`${workload.kind} ${workload.name}`, { ...workload, advice: said.advice })
    }
  }
  return [...causes.values()]
    .map(({ said, workloads }) => toCause(namespace, said, [...workloads.values()]))
    .sort((a, b) => RANK[b.level] - RANK[a.level])
}

/** What may keep a Pod from pulling does, where one waits. */
function toCause(namespace: string, said: Said, affected: readonly Required<AffectedWorkload>[]): ScanCause {
  const workloads = affected.map(({ advice, ...workload }) =>
    advice === said.advice ? workload : { ...workload, advice },
  )
  const isSeen = said.level === 'warning' && workloads.some(({ waiting }) => waiting > 0)
  return { ...said, ...(isSeen && { level: 'error' }), namespace, workloads }
}

function* saidOf(object: CheckedObject, assumeInjection: boolean): Generator<readonly [key: string, said: Said], void> {
  const pulls = !WITHOUT_PODS.has(object.manifest.kind)
  for (const [key, said] of causesIn(object, assumeInjection)) {
    if ('planned' in said) {
      const { secret } = said.planned
      const problem = `regcred would add "${secret}" when its Pods are made again`
      if (!assumeInjection) yield [key, { level: 'note', code: 'WouldInject', secret, problem, advice: '' }]
      continue
    }
    const [{ code, secret }] = said.cause
    const { problem, advice } = tellCause(said.cause)
    yield [key, { level: pulls ? said.level : 'note', code, secret, problem, advice: advice.text }]
  }
}
