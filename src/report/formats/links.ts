import { isFindingCode } from '../../policy/finding.ts'
import type { ReportedCode } from '../reported.ts'

const DOCS = 'https://github.com/regcred/regcred/blob/main/docs'

/** The section of the documentation about a code. */
export function linkOf(code: ReportedCode): string {
  const page = code === 'WouldInject' || code === 'NotRead' ? 'ci.md' : 'findings.md'
  return `${DOCS}/${page}#${code.toLowerCase()}`
}

/** The same of a text that may be no code of ours; undefined where it is none. */
export function findLink(code: string): string | undefined {
  if (code === 'Waiting') return WAITING_LINK
  return code === 'WouldInject' || isFindingCode(code) ? linkOf(code) : undefined
}

/** The section about Pods that wait though nothing is wrong with their pull secrets, which only a scan can find. */
export const WAITING_LINK = `${DOCS}/scan.md#waiting`

/** What there is to know of the one code beside those of findings and faults. */
export const WOULD_INJECT = {
  reason: 'regcred would add a pull secret',
  help: [
    'The object pulls because regcred adds a pull secret to it, as its configuration or an annotation says. Where regcred does not run, it does not pull.',
    'List the pull secret in `imagePullSecrets`, or check with `--assume-injection`.',
  ],
} as const
