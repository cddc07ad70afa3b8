import { visibleJson } from '../../runtime/visible.ts'
import type { Level } from '../level.ts'
import { gravestFirst, type Report, type Reported } from '../reported.ts'
import { Fingerprints } from './fingerprints.ts'

/** What GitLab calls the levels. */
const SEVERITIES = { error: 'critical', warning: 'major', note: 'info' } as const satisfies Record<Level, string>

/** Writes a report for GitLab's Code Quality, the gravest first. */
export function writeGitlab(report: Report): string {
  const fingerprints = new Fingerprints()
  return `${visibleJson(
    gravestFirst(report).map(problem => toIssue(problem, fingerprints)),
    1,
  )}\n`
}

/** GitLab wants a line, also of what is about a whole file. */
function toIssue(problem: Reported, fingerprints: Fingerprints) {
  const { code, level, message, path, line = 1 } = problem
  return {
    description: message,
    check_name: code,
    fingerprint: fingerprints.of(problem),
    severity: SEVERITIES[level],
    location: { path, lines: { begin: line } },
  }
}
