import { hang } from '../runtime/columns.ts'
import { present } from '../runtime/present.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'
import { visibleJson } from '../runtime/visible.ts'
import type { Part, PartState } from './part.ts'
import type { ReleaseStatus } from './read-status.ts'
import type { Verdict } from './verdict.ts'

const SIGNS = {
  good: ['✓', 'green'],
  odd: ['!', 'yellow'],
  bad: ['✗', 'red'],
  unknown: ['?', 'yellow'],
} as const satisfies Readonly<Record<PartState, readonly [sign: string, format: 'green' | 'yellow' | 'red']>>

const NOT_FOUND: Part = {
  part: 'installation',
  state: 'bad',
  text: 'no regcred was found: no Deployment has the label regcred.dev/release',
  next: 'To look elsewhere: --namespace NAME, --context NAME. To install it: https://github.com/regcred/regcred/blob/main/docs/install.md',
}

/** Writes releases for people: a line for each part, with a sign, and what to do below what needs it. */
export function writeStatus(
  releases: readonly ReleaseStatus[],
  verdict: Verdict,
  width: number,
  out: Terminal,
): readonly Shown[] {
  const all = releases.length === 0 ? [{ namespace: '', name: '', parts: [NOT_FOUND] }] : releases
  const lines = all.flatMap(({ namespace, name, parts }, i) => [
    ...(i === 0 ? [] : [out.line``]),
    ...(namespace === '' ? [] : [out.paint('bold', titleOf(namespace, name))]),
    ...parts.flatMap(part => writePart(part, width, out)),
  ])
  return [...lines, out.line`${VERDICTS[verdict]}`]
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  ready: 'regcred is ready.',
  notReady: 'regcred is not ready.',
  unknown: 'Whether regcred is ready could not be found out.',
}

function titleOf(namespace: string, name: string): string {
  return name === '' ? `regcred in namespace ${namespace}` : `Deployment ${namespace}/${name}`
}

function writePart({ state, text, next }: Part, width: number, out: Terminal): readonly Shown[] {
  const [sign, format] = SIGNS[state]
  const lines = hang('  ', text, width).map((line, i) =>
    i === 0 ? out.line`${out.paint(format, sign)} ${line.trimStart()}` : out.line`${line}`,
  )
  // A command is copied, so it stays in one line.
  return next === undefined ? lines : [...lines, out.line`  → ${next}`]
}

/** The version of what is written as JSON. */
const VERSION = 1

/** Writes the same for programs. */
export function writeStatusJson(releases: readonly ReleaseStatus[], verdict: Verdict): string {
  const ready = verdict === 'unknown' ? null : verdict === 'ready'
  return `${visibleJson({ version: VERSION, ready, releases }, 2)}\n`
}

/** What is missing first of all, in a line; for releases that are not ready. */
export function tellMissing(releases: readonly ReleaseStatus[]): string {
  const parts = releases.length === 0 ? [NOT_FOUND] : releases.flatMap(release => release.parts)
  const missing = parts.filter(({ state }) => state === 'bad' || state === 'unknown')
  return present(missing.find(({ state }) => state === 'bad') ?? missing[0]).text
}
