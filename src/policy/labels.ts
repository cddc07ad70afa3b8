import type { Known, Namespace } from './known.ts'
import { MODES, type Mode, type Settings } from './settings.ts'

/** Label of a Namespace: what findings do there. */
export const MODE_LABEL = 'regcred.dev/mode'
/** Label of a Namespace, and annotation of a Pod: whether anything is injected. */
export const INJECT_LABEL = 'regcred.dev/inject'
/** Annotation of a Namespace or a Pod: names to inject, separated by commas. */
export const PULL_SECRETS_ANNOTATION = 'regcred.dev/pull-secrets'

/** Annotation of a Secret: codes of findings that are not to be made about it, separated by commas. */
export const IGNORE_ANNOTATION = 'regcred.dev/ignore'

export const INJECT_VALUES: readonly string[] = ['enabled', 'disabled']

/** The mode that is in force for a namespace, and what decided. */
export interface ModeDecision {
  readonly mode: Mode
  readonly decidedBy: 'label' | 'configuration' | 'unknownNamespace'
}

/**
 * | the Namespace                             | mode             | decided by       |
 * | ----------------------------------------- | ---------------- | ---------------- |
 * | is unknown, so that its label is too      | audit            | unknownNamespace |
 * | has a mode label with a value that exists | its label        | label            |
 * | anything else                             | the configured   | configuration    |
 *
 * While the Namespace is unknown nobody is warned, but findings are still recorded, and `enforce.unknown` decides about what
 * they would have refused.
 */
export function modeOf(namespace: Known<Namespace>, configured: Mode): ModeDecision {
  if (namespace.state === 'unknown') return { mode: 'audit', decidedBy: 'unknownNamespace' }
  const label = namespace.state === 'value' ? namespace.value.mode : undefined
  const labelled = MODES.find(mode => mode === label)
  return labelled === undefined
    ? { mode: configured, decidedBy: 'configuration' }
    : { mode: labelled, decidedBy: 'label' }
}

/** Whether anything may be injected into a Pod, and what decided. */
export interface InjectionDecision {
  readonly enabled: boolean
  readonly decidedBy: 'mirrorPod' | 'podAnnotation' | 'unknownNamespace' | 'label' | 'configuration'
}

/**
 * | asked, in this order                                     | enabled        | decided by       |
 * | -------------------------------------------------------- | -------------- | ---------------- |
 * | it is a static Pod's mirror                              | no             | mirrorPod        |
 * | the Pod's annotation, where `inject.optOut` heeds it     | no             | podAnnotation    |
 * | the Namespace is unknown, and its label with it          | no             | unknownNamespace |
 * | the Namespace has an inject label with a value that exists | as it says   | label            |
 * | anything else                                            | as configured  | configuration    |
 */
export function injectionOf(
  { mirror, optedOut }: { readonly mirror: boolean; readonly optedOut: boolean },
  namespace: Known<Namespace>,
  inject: Settings['inject'],
): InjectionDecision {
  if (mirror) return { enabled: false, decidedBy: 'mirrorPod' }
  if (optedOut && inject.optOut) return { enabled: false, decidedBy: 'podAnnotation' }
  if (namespace.state === 'unknown') return { enabled: false, decidedBy: 'unknownNamespace' }
  const label = namespace.state === 'value' ? namespace.value.inject : undefined
  if (label !== undefined && INJECT_VALUES.includes(label)) {
    return { enabled: label === 'enabled', decidedBy: 'label' }
  }
  return { enabled: inject.enabled, decidedBy: 'configuration' }
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
