import { FINDINGS, type FindingCode } from '../../src/policy/finding.ts'
import type { Explanation } from '../../src/report/explanation.ts'
import { EXPLANATIONS } from '../../src/report/explanations.ts'

const INTRODUCTION = `# Findings

What regcred says, why, and what to do about it. \`regcred explain CODE\` prints a part of this page. A level says how bad it is: an
**error** will not pull, a **warning** may not pull, a **note** pulls, but something is off.
[Which level it is when](design.md), and [what \`enforce\` refuses](configuration.md#what-enforce-refuses-and-whom).

To switch a code off for a cluster, list it in the configuration: \`ignore: [ImageInvalid]\`. A namespace is left alone with the label
\`regcred.dev/mode=off\`. CredentialsDoubtful can be switched off on the Secret itself.`

/** docs/findings.md, as it has to be. */
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

function reasonOf(code: string): string {
  const { reason } = FINDINGS[code as FindingCode]
  return `_${reason[0]?.toUpperCase()}${reason.slice(1)}._`
}
