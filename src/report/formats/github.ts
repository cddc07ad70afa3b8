import type { Level } from '../level.ts'
import { countProblems, gravestFirst, type Report, type Reported, STDIN } from '../reported.ts'

/** What GitHub calls the levels. */
const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const satisfies Record<Level, string>

/**
 * Writes commands for the log of a workflow, which GitHub shows as annotations: the gravest first, since it shows ten of a level, and
 * leaves the others in the log.
 */
export function writeGithub(report: Report): string {
  return [...gravestFirst(report).map(toCommand), countProblems(report), ''].join('\n')
}

function toCommand({ code, level, message, path, line, column }: Reported): string {
  const place = path === STDIN ? [] : Object.entries({ file: path, line, col: column })
  const properties = [...place, ['title', code] as const].flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  )
  return `::${COMMANDS[level]} ${properties.join(',')}::${escapeData(message)}`
}

/** The runner reads these back; all other controls are visible by now. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
