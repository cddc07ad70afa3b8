import { FINDINGS, type FindingCode } from '../policy/finding.ts'
import type { Explanation } from './explanation.ts'
import { OF_PODS } from './explanations-of-pods.ts'
import { OF_SECRETS } from './explanations-of-secrets.ts'

/** Each code of a finding, explained: docs/findings.md and `regcred explain` are written from it. */
export const EXPLANATIONS: Readonly<Record<FindingCode, Explanation>> = { ...OF_SECRETS, ...OF_PODS }

/** One of them, as lines for a terminal. */
export function writeExplanation(code: FindingCode): readonly string[] {
  const { cause, manifests, says, remedy } = EXPLANATIONS[code]
  const indent = (lines: readonly string[]) => lines.map(line => `    ${line}`)
  return [
    `${code}: ${FINDINGS[code].reason}`,
    ...cause.flatMap(paragraph => ['', plain(paragraph)]),
    '',
    'Example:',
    ...(manifests === '' ? [] : [...indent(manifests.split('\n')), '']),
    ...indent([`${code}: ${says}`]),
    '',
    'What to do:',
    ...remedy.flatMap(({ text, commands = [] }) => [plain(text), ...indent(commands)]),
    '',
    `To switch it off for a cluster, write into the configuration: ignore: [${code}]`,
  ]
}

/** Without the backquotes of Markdown. */
export function plain(text: string): string {
  return text.replaceAll('`', '')
}
