import { ABSENT, type Known, type Namespace } from './known.ts'
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

/** Whether pull secrets are added to a Pod, only recorded as what would be, or neither; and what decided. */
export interface InjectionDecision {
  readonly does: 'add' | 'record' | 'nothing'
  readonly decidedBy: 'mirrorPod' | 'podAnnotation' | 'unknownNamespace' | 'label' | 'configuration' | 'mode'
}

/**
 * | asked, in this order                                     | does           | decided by       |
 * | -------------------------------------------------------- | -------------- | ---------------- |
 * | it is a static Pod's mirror                              | nothing        | mirrorPod        |
 * | the Pod's annotation, where `inject.optOut` heeds it     | nothing        | podAnnotation    |
 * | the Namespace is unknown, and its labels with it         | nothing        | unknownNamespace |
 * | the Namespace has an inject label with a value that exists | as it says   | label            |
 * | `inject.enabled` is true or false                        | as it says     | configuration    |
 * | the mode of the file is warn or enforce                  | add            | mode             |
 * | the Namespace's mode label is warn or enforce            | add            | mode             |
 * | the mode that is in force is audit                       | record         | mode             |
 * | it is off                                                | nothing        | mode             |
 *
 * So a mode label never takes away what the file says: `off` and `audit` on a Namespace quieten findings, no more.
 */
export function injectionOf(
  { mirror, optedOut }: { readonly mirror: boolean; readonly optedOut: boolean },
  namespace: Known<Namespace>,
  { mode: configured, inject }: Pick<Settings, 'mode' | 'inject'>,
): InjectionDecision {
  if (mirror) return { does: 'nothing', decidedBy: 'mirrorPod' }
  if (optedOut && inject.optOut) return { does: 'nothing', decidedBy: 'podAnnotation' }
  if (namespace.state === 'unknown') return { does: 'nothing', decidedBy: 'unknownNamespace' }
  const label = namespace.state === 'value' ? namespace.value.inject : undefined
  if (label !== undefined && INJECT_VALUES.includes(label)) {
    return { does: label === 'enabled' ? 'add' : 'nothing', decidedBy: 'label' }
  }
  if (inject.enabled !== 'auto') return { does: inject.enabled ? 'add' : 'nothing', decidedBy: 'configuration' }
  const { mode } = modeOf(namespace, configured)
  if (isActing(configured) || isActing(mode)) return { does: 'add', decidedBy: 'mode' }
  return { does: mode === 'audit' ? 'record' : 'nothing', decidedBy: 'mode' }
}

/** Whether the configuration adds pull secrets to Pods wherever no label of the Namespace says otherwise. */
export function addsByDefault(settings: Pick<Settings, 'mode' | 'inject'>): boolean {
  return injectionOf(ORDINARY_POD, ABSENT, settings).does === 'add'
}

/** Whether labels that a Namespace is given take from its Pods what was added to them until now. */
export function stopsAdding(before: Namespace, now: Namespace, settings: Pick<Settings, 'mode' | 'inject'>): boolean {
  const [did, does] = [before, now].map(
    namespace => injectionOf(ORDINARY_POD, { state: 'value', value: namespace }, settings).does,
  )
  return did === 'add' && does !== 'add'
}

const ORDINARY_POD = { mirror: false, optedOut: false }

/** A mode in which something happens to who or what is wrong. */
function isActing(mode: Mode): boolean {
  return mode === 'warn' || mode === 'enforce'
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
