import { isEntryFine, isFine } from '../inspection/inspected.ts'
import { visible, visibleJson } from '../runtime/visible.ts'
import type { InspectedInUse } from './inspected-text.ts'

/** The version of what is written; it grows by fields, and changes its number if one goes or means something else. */
const VERSION = 1

/** Writes what was inspected as JSON. No password is in it, and of a key nothing but scheme, host, port and path. */
export function writeInspectedJson(all: readonly InspectedInUse[]): string {
  return `${visibleJson({ version: VERSION, inspected: all.map(toJson) }, 2)}\n`
}

function toJson({ inspected, usedBy, unlisted }: InspectedInUse) {
  const { kind, name, namespace, type, created, foundUnder, entries, problem, advice = [], isUnread } = inspected
  return {
    kind,
    name,
    namespace: namespace === '' ? null : namespace,
    type: type ?? null,
    created: created === undefined ? null : new Date(created).toISOString(),
    works: isUnread ? null : isFine(inspected),
    problem: problem === undefined ? null : visible(problem),
    advice: advice.map(visible),
    foundUnder: foundUnder ?? null,
    entries: entries.map(entry => ({
      registry: entry.registry,
      user: entry.user === '' ? null : entry.user,
      password: entry.hasPassword,
      works: isEntryFine(entry),
      images: entry.images ?? null,
      why: entry.why === undefined ? null : visible(entry.why),
      advice: entry.advice === undefined ? null : visible(entry.advice),
      expires: entry.expires === undefined ? null : new Date(entry.expires).toISOString(),
      turn: entry.turn ?? null,
    })),
    usedBy: usedBy === undefined ? null : { names: usedBy.named, count: usedBy.count },
    notListed: unlisted ?? null,
  }
}
