import { FINDINGS, type FindingCode } from '../policy/finding.ts'
import type { Explanation } from './explanation.ts'
import { OF_PODS } from './explanations-of-pods.ts'
import { OF_SECRETS } from './explanations-of-secrets.ts'

/** Each code of a finding, explained: docs/findings.md and `regcred explain` are written from it. */
export const EXPLANATIONS: Readonly<Record<FindingCode, Explanation>> = { ...OF_SECRETS, ...OF_PODS }

const INTRODUCTION = `# Findings

What regcred says, why, and what to do about it. \`regcred explain CODE\` prints a part of this page. A level says how bad it is: an
**error** will not pull, a **warning** may not pull, a **note** pulls, but something is off.
[Which level it is when](design.md), and [what \`enforce\` refuses](configuration.md#what-enforce-refuses-and-whom).

To switch a code off for a cluster, list it in the configuration: \`ignore: [ImageInvalid]\`. A namespace is left alone with the label
\`regcred.dev/mode=off\`. CredentialsDoubtful can be switched off on the Secret itself.`

/** All of them, as the page of the docs. */
export function writeFindingsPage(): string {
  const sections = Object.entries(EXPLANATIONS).map(([code, explanation]) => writeSection(code, explanation))
  return [INTRODUCTION, ...sections, ''].join('\n\n').replace(/\n+$/, '\n')
}

function writeSection(code: string, { cause, manifests, says, remedy }: Explanation): string {
  const example = manifests === '' ? [] : [fence('yaml', manifests)]
  const steps = remedy.flatMap(({ text, commands = [] }) => [
    text,
    ...(commands.length === 0 ? [] : [fence('sh', ...commands)]),
  ])
  return [
    `## ${code}`,
    reasonOf(code),
    ...cause,
    '**Example**',
    ...example,
    fence('text', `${code}: ${says}`),
    '**What to do**',
    ...steps,
  ].join('\n\n')
}

function fence(language: string, ...lines: readonly string[]): string {
  return [`\`\`\`${language}`, ...lines, '```'].join('\n')
}

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

function reasonOf(code: string): string {
  const { reason } = FINDINGS[code as FindingCode]
  return `_${reason[0]?.toUpperCase()}${reason.slice(1)}._`
}

function plain(text: string): string {
  return text.replaceAll('`', '')
}
