import type { Mode } from '../config/settings.ts'
import type { Known, Namespace } from './facts.ts'

/** Label of a Namespace: what findings do there. */
export const MODE_LABEL = 'regcred.dev/mode'
/** Label of a Namespace, and annotation of a Pod: whether anything is injected. */
export const INJECT_LABEL = 'regcred.dev/inject'
/** Annotation of a Namespace or a Pod: names to inject, separated by commas. */
export const PULL_SECRETS_ANNOTATION = 'regcred.dev/pull-secrets'

export const MODES: readonly Mode[] = ['off', 'audit', 'warn', 'enforce']
export const INJECT_VALUES: readonly string[] = ['enabled', 'disabled']

/**
 * The mode that is in force for a namespace: its label, if that has a value that exists, else the configured one.
 *
 * While the Namespace is unknown its label is too: nobody is warned or refused, but findings are still recorded.
 */
export function modeOf(namespace: Known<Namespace>, configured: Mode): Mode {
  if (namespace.state === 'unknown') return configured === 'off' ? 'off' : 'audit'
  const label = namespace.state === 'value' ? namespace.value.mode : undefined
  return label === undefined ? configured : (MODES.find(mode => mode === label) ?? configured)
}

/** The names in a `regcred.dev/pull-secrets` annotation: separated by commas, blanks around them dropped. */
export function namesIn(annotation: string | undefined): readonly string[] {
  if (annotation === undefined) return NO_NAMES
  return annotation
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

const NO_NAMES: readonly string[] = []
