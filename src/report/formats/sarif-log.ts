import { gzipSync } from 'node:zlib'
import { count } from '../../runtime/count.ts'
import { visibleJson } from '../../runtime/visible.ts'
import type { Level } from '../level.ts'

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

/** A result, or a notification. */
export interface SarifResult {
  /** Of one of the rules. */
  readonly code: string
  readonly level: Level
  readonly message: string
  /** As SARIF has them. */
  readonly locations: readonly object[]
  /** By which a reader knows it again. */
  readonly fingerprint: string
  /** Who does not want it to be told, and why; left out where nobody does. */
  readonly suppression?: { readonly kind: 'inSource' | 'external'; readonly justification: string }
}

/** What a log says of one run of regcred. */
export interface SarifRun {
  readonly rules: readonly { readonly id: string }[]
  /** The gravest first. */
  readonly results: readonly SarifResult[]
  /** What could not be looked at. */
  readonly faults: readonly { readonly message: string; readonly locations: readonly object[] | undefined }[]
}

/**
 * Writes SARIF 2.1.0 with as many results as its readers take.
 *
 * @param version of regcred
 * @param limits of the reader
 */
export function writeSarifLog(
  run: SarifRun,
  version: string,
  { maxResults = MAX_RESULTS, maxGzipBytes = MAX_GZIP_BYTES } = {},
): Sarif {
  const { results } = run
  const write = (shown: readonly SarifResult[]) =>
    `${visibleJson(toLog({ ...run, results: shown }, results.length - shown.length, version), 1)}\n`
  let shown = results.slice(0, maxResults)
  let text = write(shown)
  for (let bytes = gzipBytes(text, maxGzipBytes); bytes > maxGzipBytes && shown.length > 0; ) {
    shown = shown.slice(0, Math.floor((shown.length * maxGzipBytes * SAFETY) / bytes))
    text = write(shown)
    bytes = gzipBytes(text, maxGzipBytes)
  }
  return { text, leftOut: results.length - shown.length }
}

/** What a text takes after gzip; where it is within the limit anyway, what it takes before. */
function gzipBytes(text: string, limit: number): number {
  const bytes = Buffer.byteLength(text)
  return bytes <= limit ? bytes : gzipSync(text).length
}

/** What is compressed less well than the rest may be among what is left. */
const SAFETY = 0.9

function toLog({ rules, results, faults }: SarifRun, leftOut: number, version: string) {
  const left = `${count(leftOut, 'result')} left out: more than GitHub takes`
  const indexes = new Map(rules.map(({ id }, i) => [id, i]))
  const notifications = [
    ...faults.map(({ message, locations }) => ({ level: 'error', message: textOf(message), locations })),
    ...(leftOut === 0 ? [] : [{ level: 'warning', message: textOf(left) }]),
  ]
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'regcred', semanticVersion: version, informationUri: HOME, rules } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: faults.length === 0, toolExecutionNotifications: notifications }],
        results: results.map(({ code, level, message, locations, fingerprint, suppression }) => ({
          ruleId: code,
          ruleIndex: indexes.get(code),
          ...{ level, message: textOf(message), locations },
          // The only one by which GitHub knows an alert again.
          partialFingerprints: { primaryLocationLineHash: fingerprint },
          ...(suppression && { suppressions: [suppression] }),
        })),
      },
    ],
  }
}

/** In a SARIF message `[text](address)` is a link, and `{0}` an argument. */
function textOf(text: string) {
  return { text: text.replaceAll('](', '] (').replaceAll(/\{(?=\d+\})/g, '{ ') }
}
