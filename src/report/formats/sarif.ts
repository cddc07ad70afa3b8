import { FINDINGS, type FindingCode, isFindingCode } from '../../policy/finding.ts'
import type { Remedy } from '../explanation.ts'
import { EXPLANATIONS, plain } from '../explanations.ts'
import { gravestFirst, type Report, type Reported, type ReportedIgnored } from '../reported.ts'
import { Fingerprints } from './fingerprints.ts'
import { linkOf, WOULD_INJECT } from './links.ts'
import { type Sarif, type SarifResult, writeSarifLog } from './sarif-log.ts'

/** A problem, or one that is not to be told. */
type Result = Reported & Partial<ReportedIgnored>

/**
 * Writes SARIF 2.1.0, as GitHub's code scanning reads it: each code a rule, each problem a result, and what could not be read a
 * notification of the run.
 *
 * @param version of regcred
 * @param limits of the reader
 */
export function writeSarif(
  report: Report,
  version: string,
  limits: { readonly maxResults?: number; readonly maxGzipBytes?: number } = {},
): Sarif {
  const fingerprints = new Fingerprints()
  // What is ignored comes last: where there is no room, it is what nobody misses.
  const problems: readonly Result[] = [
    ...gravestFirst({ ...report, faults: [] }),
    ...report.objects.flatMap(({ ignored }) => ignored),
  ]
  const results = problems.map(problem => ({
    ...{ code: problem.code, level: problem.level, fingerprint: fingerprints.of(problem) },
    ...described(problem),
    ...suppressed(problem),
  }))
  return writeSarifLog({ rules: RULES, results, faults: report.faults.map(described) }, version, limits)
}

/** What is not to be told: in the file itself, or elsewhere. */
function suppressed({ by, reason }: Result): Pick<SarifResult, 'suppression'> {
  if (by === undefined || reason === undefined) return {}
  return { suppression: { kind: by === 'configuration' ? 'external' : 'inSource', justification: reason } }
}

/** GitHub wants a line, also of what is about a whole file. */
function described({ message, path, line = 1, column }: Reported) {
  const region = { startLine: line, ...(column !== undefined && { startColumn: column }) }
  const uri = path.split('/').map(encodeURIComponent).join('/')
  return { message, locations: [{ physicalLocation: { artifactLocation: { uri }, region } }] }
}

type RuleCode = FindingCode | 'WouldInject'

const CODES: readonly RuleCode[] = [...Object.keys(FINDINGS).filter(isFindingCode), 'WouldInject']

/** A rule for each code there is. */
export const RULES = CODES.map(code => toRule(code, linkOf(code), textsOf(code)))

interface RuleTexts {
  readonly reason: string
  /** Paragraphs. */
  readonly help: readonly string[]
  /** As Markdown, where that is more. */
  readonly markdown?: readonly string[]
}

/** A rule as SARIF has it. */
export function toRule(code: string, helpUri: string, { reason, help, markdown = help }: RuleTexts) {
  return {
    id: code,
    name: code,
    shortDescription: { text: reason },
    fullDescription: { text: plain(help.slice(0, 1).join()) },
    help: { text: plain(help.join('\n\n')), markdown: markdown.join('\n\n') },
    helpUri,
    properties: { tags: ['kubernetes', 'pull-secrets'] },
  }
}

function textsOf(code: RuleCode): RuleTexts {
  if (code === 'WouldInject') return WOULD_INJECT
  const { cause, remedy } = EXPLANATIONS[code]
  const steps: readonly Remedy[] = remedy
  return {
    reason: FINDINGS[code].reason,
    help: [...cause, ...steps.map(({ text, commands = [] }) => [text, ...commands].join('\n'))],
    markdown: [...cause, ...steps.flatMap(({ text, commands = [] }) => [text, ...fence(commands)])],
  }
}

/** Commands as Markdown shows them. */
function fence(commands: readonly string[]): readonly string[] {
  return commands.length === 0 ? [] : [['```sh', ...commands, '```'].join('\n')]
}
