import { type Cause, causeOf, causesOf } from '../decision/causes.ts'
import type { CheckedFinding, CheckedObject } from '../engine/checked.ts'
import { formatPlace } from '../manifests/found.ts'
import { kindOf } from '../policy/finding.ts'
import type { Planned } from '../policy/plan.ts'
import { LEVELS, type Level } from './level.ts'

/** What is said of a cause: its findings of one object, or what regcred would add to it. */
type Said =
  | { readonly level: Level; readonly cause: Cause<CheckedFinding> }
  | { readonly level: Level | undefined; readonly planned: Planned }

/** One cause, told once: at the first object that it does most to. */
export interface ToldCause {
  readonly object: CheckedObject
  readonly said: Said
  /** Some of the places where it holds as well, and of how many it does. */
  readonly elsewhere: readonly string[]
  readonly elsewhereCount: number
}

/** Further places that a line names before it only counts them. */
const MAX_PLACES_NAMED = 3

/** The causes of all that there is to say, in the order of the objects at which they are told. */
export function tellCauses(objects: readonly CheckedObject[], assumeInjection: boolean): readonly ToldCause[] {
  const told = new Map<string, ToldCause>()
  for (const object of objects) {
    for (const [key, said] of causesIn(object, assumeInjection)) {
      const known = told.get(key)
      told.set(
        key,
        known === undefined ? { object, said, elsewhere: [], elsewhereCount: 0 } : join(known, object, said),
      )
    }
  }
  const byObject = Map.groupBy(told.values(), ({ object }) => object)
  return objects.flatMap(object => byObject.get(object) ?? [])
}

/** How many causes there are of each level. */
export function countCauses(told: readonly ToldCause[]): Readonly<Record<Level, number>> {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const { said } of told) if (said.level !== undefined) counts[said.level] += 1
  return counts
}

function join(known: ToldCause, object: CheckedObject, said: Said): ToldCause {
  const isGraver = rankOf(said) > rankOf(known.said)
  const { elsewhere } = known
  const elsewhereCount = known.elsewhereCount + 1
  if (isGraver) {
    const others = [placeOf(known.object, known.said), ...elsewhere].slice(0, MAX_PLACES_NAMED)
    return { object, said, elsewhere: others, elsewhereCount }
  }
  const others = elsewhere.length < MAX_PLACES_NAMED ? [...elsewhere, placeOf(object, said)] : elsewhere
  return { ...known, elsewhere: others, elsewhereCount }
}

const RANK = { note: 0, warning: 1, error: 2 } as const satisfies Record<Level, number>

function rankOf({ level = 'note' }: Said): number {
  return RANK[level]
}

function placeOf({ manifest, name }: CheckedObject, said: Said): string {
  const place = 'cause' in said ? said.cause[0].place : undefined
  return place === undefined ? `${manifest.kind} ${name}` : formatPlace(manifest, place)
}

/** The causes of one object, each with what it has in common with those of others. */
export function* causesIn(
  { findings, plan, namespace }: CheckedObject,
  assumeInjection: boolean,
): Generator<readonly [key: string, said: Said], void> {
  for (const cause of causesOf(findings)) {
    yield [`${namespace} ${keyOf(cause)}`, { level: gravestOf(cause), cause }]
  }
  for (const planned of plan.add) {
    const level = assumeInjection ? undefined : 'note'
    yield [`${namespace} adds ${planned.secret} ${planned.source}`, { level, planned }]
  }
}

/** A useless Secret is one cause wherever it is listed, and where it is made as well. */
function keyOf(cause: Cause): string {
  const [first] = cause
  if (!kindOf(first.code).explainsNoCover) return causeOf(first)
  return JSON.stringify([first.code, first.suggestion?.text, cause.map(({ secret }) => secret)])
}

/** The level of the gravest of its findings. */
export function gravestOf(cause: Cause): Level {
  const levels = new Set(cause.map(({ effect }) => LEVELS[effect]))
  return levels.has('error') ? 'error' : levels.has('warning') ? 'warning' : 'note'
}

/** Why a reference would be added, by its source. */
const SOURCES: Readonly<Record<Planned['source'], string>> = {
  configuration: 'inject.secrets of the configuration',
  rule: 'inject.rules of the configuration',
  namespace: 'annotation of the namespace',
  pod: 'annotation of the Pod',
  match: 'it fits this image',
}

/** What regcred would add to an object, and why. */
export function tellPlanned({ secret, source }: Planned, { images }: CheckedObject): string {
  const why = source === 'match' && images.length > 1 ? 'it fits one of these images' : SOURCES[source]
  return `regcred would add "${secret}" (${why})`
}
