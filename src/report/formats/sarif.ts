import { gzipSync } from 'node:zlib'
import { FINDINGS, type FindingCode, isFindingCode } from '../../policy/finding.ts'
import { count } from '../../runtime/count.ts'
import { visibleJson } from '../../runtime/visible.ts'
import { EXPLANATIONS, plain } from '../explanations.ts'
import { gravestFirst, type Report, type Reported, type ReportedCode } from '../reported.ts'
import { Fingerprints } from './fingerprints.ts'
import { linkOf, WOULD_INJECT } from './links.ts'

/** Results of a run that GitHub takes. */
const MAX_RESULTS = 25_000
/** Bytes of a file that GitHub takes, after gzip. */
const MAX_GZIP_BYTES = 10 * 1024 * 1024

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const HOME = 'https://github.com/regcred/regcred'

export interface Sarif {
  readonly text: string
  /** Problems for which there was no room, the mildest. */
  readonly leftOut: number
}

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
  { maxResults = MAX_RESULTS, maxGzipBytes = MAX_GZIP_BYTES } = {},
): Sarif {
  const problems = gravestFirst({ ...report, faults: [] })
  const write = (shown: readonly Reported[]) =>
    `${visibleJson(toSarif(shown, report.faults, problems.length - shown.length, version), 1)}\n`
  let shown = problems.slice(0, maxResults)
  let text = write(shown)
  for (let bytes = gzipBytes(text, maxGzipBytes); bytes > maxGzipBytes && shown.length > 0; ) {
    shown = shown.slice(0, Math.floor((shown.length * maxGzipBytes * SAFETY) / bytes))
    text = write(shown)
    bytes = gzipBytes(text, maxGzipBytes)
  }
  return { text, leftOut: problems.length - shown.length }
}

/** What a text takes after gzip; where it is within the limit anyway, what it takes before. */
function gzipBytes(text: string, limit: number): number {
  const bytes = Buffer.byteLength(text)
  return bytes <= limit ? bytes : gzipSync(text).length
}

/** What is compressed less well than the rest may be among what is left. */
const SAFETY = 0.9

function toSarif(problems: readonly Reported[], faults: readonly Reported[], leftOut: number, version: string) {
  const left = `${count(leftOut, 'result')} left out: more than GitHub takes`
  const notifications = [
    ...faults.map(fault => ({ level: 'error', ...described(fault) })),
    ...(leftOut === 0 ? [] : [{ level: 'warning', message: { text: left } }]),
  ]
  const fingerprints = new Fingerprints()
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'regcred', semanticVersion: version, informationUri: HOME, rules: RULES.map(toRule) } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: faults.length === 0, toolExecutionNotifications: notifications }],
        results: problems.map(problem => ({
          ruleId: problem.code,
          ruleIndex: INDEXES.get(problem.code),
          level: problem.level,
          ...described(problem),
          // The only one by which GitHub knows an alert again.
          partialFingerprints: { primaryLocationLineHash: fingerprints.of(problem) },
        })),
      },
    ],
  }
}

/** GitHub wants a line, also of what is about a whole file. */
function described({ message, path, line = 1, column }: Reported) {
  const region = { startLine: line, ...(column !== undefined && { startColumn: column }) }
  const uri = path.split('/').map(encodeURIComponent).join('/')
  return {
    message: { text: withoutMarkup(message) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
  }
}

/** In a SARIF message `[text](address)` is a link, and `{0}` an argument. */
function withoutMarkup(text: string): string {
  return text.replaceAll('](', '] (').replaceAll(/\{(?=\d+\})/g, '{ ')
}

const RULES: readonly (FindingCode | 'WouldInject')[] = [...Object.keys(FINDINGS).filter(isFindingCode), 'WouldInject']
/** Where the rule of a code stands. */
const INDEXES: ReadonlyMap<ReportedCode, number> = new Map(RULES.map((code, i) => [code, i]))

function toRule(code: (typeof RULES)[number]) {
  const { reason, help } = textsOf(code)
  return {
    id: code,
    name: code,
    shortDescription: { text: reason },
    fullDescription: { text: plain(help.slice(0, 1).join()) },
    help: { text: plain(help.join('\n\n')), markdown: help.join('\n\n') },
    helpUri: linkOf(code),
    properties: { tags: ['kubernetes', 'pull-secrets'] },
  }
}

function textsOf(code: (typeof RULES)[number]): { readonly reason: string; readonly help: readonly string[] } {
  if (code === 'WouldInject') return WOULD_INJECT
  const { cause, remedy } = EXPLANATIONS[code]
  return { reason: FINDINGS[code].reason, help: [...cause, ...remedy.map(({ text }) => text)] }
}
