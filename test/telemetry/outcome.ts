import type { Outcome } from '../../src/engine/admit.ts'

/** A finding like any other. */
export const finding = {
  code: 'ImageInvalid',
  effect: 'blocks',
  origin: 'object',
  affectsPrivate: false,
  message: '',
} as const

/** The outcome of a review that found nothing, and what differs. */
export function outcome(tweak: Partial<Outcome> & { readonly about?: 'nothing' | 'unreadable' } = {}): Outcome {
  const { about, ...rest } = tweak
  return {
    review: {
      uid: 'u-1',
      stage: 'validate',
      dryRun: false,
      username: 'jane',
      groups: [],
      namespace: 'team-a',
      title: 'Pod web',
      kind: 'Pod',
      subject:
        about === 'unreadable'
          ? { about, fault: '/spec' }
          : about === 'nothing'
            ? { about }
            : { about: 'namespace', namespace: { name: 'a' }, notStrings: [], isFile: false },
    },
    decision: { allowed: true, warnings: [], annotations: {} },
    findings: [],
    plan: { add: [], wouldAdd: [], skipped: [] },
    unknown: [],
    ...rest,
  }
}
