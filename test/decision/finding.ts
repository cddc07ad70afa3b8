import type { Advice } from '../../src/advice/advice.ts'
import type { Finding } from '../../src/policy/finding.ts'

export const ADVICE: Advice = { kind: 'listAnother', text: 'do it' }

/** A finding that is worth a warning, and what is other about this one. */
export function finding(tweak: Partial<Finding> = {}): Finding {
  const secret = tweak.secret ?? 'gone'
  return {
    code: 'SecretNotFound',
    effect: 'blocks',
    secret,
    origin: 'object',
    affectsPrivate: true,
    problem: `Secret "${secret}" is not there`,
    advice: ADVICE,
    ...tweak,
  }
}

/** An image that is not covered. */
export function uncovered(container: string, tweak: Partial<Finding> = {}): Finding {
  const image = `registry.example.com/${container}`
  return {
    code: 'ImageNotCovered',
    effect: 'blocks',
    container,
    image,
    origin: 'object',
    affectsPrivate: true,
    problem: `"${image}" needs a pull secret`,
    advice: ADVICE,
    ...tweak,
  }
}
