import type { Finding } from '../../src/policy/finding.ts'

/** A finding that is worth a warning, and what is other about this one. */
export function finding(tweak: Partial<Finding> = {}): Finding {
  const secret = tweak.secret ?? 'gone'
  return {
    code: 'SecretNotFound',
    effect: 'blocks',
    secret,
    origin: 'object',
    affectsPrivate: true,
    message: `Secret "${secret}" is not there`,
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
    message: `"${image}" needs a pull secret`,
    ...tweak,
  }
}
