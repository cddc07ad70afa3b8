import type { ReportedCode } from '../reported.ts'

export const DOCS = 'https://github.com/regcred/regcred/blob/main/docs'

/** The section of the documentation about a code. */
export function linkOf(code: ReportedCode): string {
  const page = code === 'WouldInject' || code === 'NotRead' ? 'ci.md' : 'findings.md'
  return `${DOCS}/${page}#${code.toLowerCase()}`
}

/** What there is to know of the one code beside those of findings and faults. */
export const WOULD_INJECT = {
  reason: 'regcred would add a pull secret',
  help: [
    'The object pulls because regcred adds a pull secret to it, as its configuration or an annotation says. Where regcred does not run, it does not pull.',
    'List the pull secret in `imagePullSecrets`, or check with `--assume-injection`.',
  ],
} as const
