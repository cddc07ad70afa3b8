import { writeTold } from '../advice/advice.ts'
import type { CheckedObject } from '../engine/checked.ts'

/** How many findings are not to be told. */
export function countIgnored(objects: readonly CheckedObject[]): number {
  return objects.reduce((sum, { ignored = [] }) => sum + ignored.length, 0)
}

/** Names what is ignored for people, a line each, with who says so and why. */
export function tellIgnored(objects: readonly CheckedObject[]): readonly string[] {
  const lines = objects.flatMap(({ manifest, ignored = [] }) =>
    ignored.map(({ finding, by, reason }) => {
      const { line, column } = finding.place ?? manifest
      const place = [manifest.file, line, column].filter(part => part !== undefined).join(':')
      return `  ignored  ${finding.code}: ${writeTold(finding)} (${place}; ${by}: ${reason})`
    }),
  )
  return lines.length === 0 ? [] : [...lines, '']
}
