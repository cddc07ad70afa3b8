import { get, getItems, getText } from '../kube/untyped.ts'
import type { Identity } from '../report/identity.ts'
import { visibleJson } from '../runtime/visible.ts'

/** How many findings there are of each identity, which is the key as JSON. */
export type FindingCounts = ReadonlyMap<string, number>

/** The first field of a baseline, by which a file is known as one. */
const MARK = 'regcredBaseline'
/** The version of the format below; it changes if an older regcred would read a file otherwise. */
const VERSION = 1

/**
 * Writes a baseline: JSON with a finding on each line, sorted, so that two people who change it meet in the same line only where they
 * change the same finding.
 */
export function writeBaseline(counts: FindingCounts): string {
  const lines = [...counts].map(([key, count]) => {
    const [code, namespace, kind, name, about]: Identity = JSON.parse(key)
    return visibleJson({ namespace, kind, name, code, about, count })
  })
  const findings = lines.sort().map((line, i) => `${line}${i < lines.length - 1 ? ',' : ''}\n`)
  return `{"${MARK}": ${VERSION}, "findings": [\n${findings.join('')}]}\n`
}

/** Reads a baseline, however it has been formatted since; undefined where it is none. The same finding twice is what a merge leaves. */
export function readBaseline(text: string): FindingCounts | undefined {
  const json = parse(text)
  if (get(json, MARK) !== VERSION) return undefined
  const counts = new Map<string, number>()
  for (const entry of getItems(json, 'findings')) {
    const [code, namespace, kind, name, about] = ['code', 'namespace', 'kind', 'name', 'about'].map(key =>
      getText(entry, key),
    )
    const key = JSON.stringify([code, namespace, kind, name, about])
    const count = Number(get(entry, 'count'))
    if (code === '' || !Number.isSafeInteger(count)) return undefined
    counts.set(key, Math.max(count, counts.get(key) ?? 0))
  }
  return counts
}

/** Whether a text was once a baseline: one with the marks of a merge in it is no JSON any more. */
export function beginsAsBaseline(text: string): boolean {
  return new RegExp(`^\\s*\\{\\s*"${MARK}"`).test(text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
