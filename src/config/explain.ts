import type { Known, Namespace } from '../policy/known.ts'
import { INJECT_LABEL, injectionOf, MODE_LABEL, modeOf, namesIn, PULL_SECRETS_ANNOTATION } from '../policy/labels.ts'
import { describeNeeds } from '../policy/registries/node-entry.ts'
import { type ImageExplanation, prepareRulebook } from '../policy/rulebook.ts'
import { leavesOf, type Settings } from '../policy/settings.ts'
import { cutVisible } from '../runtime/visible.ts'
import type { Configuration } from './configuration.ts'
import { quote } from './fault.ts'

/** Characters of an image name in a row. */
const MAX_IMAGE_LENGTH = 300

/** What a setting is, and what made it so. */
export interface Row {
  /** As in the file, e.g. `inject.enabled`. Names to inject add up, so `inject.secrets` may come several times. */
  readonly setting: string
  readonly value: unknown
  /** E.g. `default`, `regcred.yaml:3`, `namespace label regcred.dev/mode`. */
  readonly from: string
}

/** For whom the settings are explained. */
export interface Audience {
  readonly namespace: Namespace
  readonly pod?: {
    /** Annotation `kubernetes.io/config.mirror`. */
    readonly mirror: boolean
    /** Annotation `regcred.dev/inject: disabled`. */
    readonly optedOut: boolean
    /** Annotation `regcred.dev/pull-secrets`. */
    readonly pullSecrets: string | undefined
    readonly images: readonly { readonly image: string; readonly pulled: boolean }[]
  }
}

/**
 * Says what every setting is, and which line decided: in general, or for one namespace and a Pod in it. What decides is asked
 * of the engine's own functions; here it is only put into words.
 *
 * | setting        | the first of these that says something                                       |
 * | -------------- | ---------------------------------------------------------------------------- |
 * | mode           | label of the Namespace, file, default                                        |
 * | inject.enabled | the Pod's opting out, where heeded; label of the Namespace, file, default, and for `auto` the mode |
 * | inject.secrets | all of: file or default, rules, annotation of the Namespace, that of the Pod  |
 * | any other      | file, default                                                                |
 *
 * Beside the settings there are rows for what follows from them: whether the namespace is `exempt` (then nothing else
 * matters), and the class of each image.
 */
export function explain(configuration: Configuration, audience?: Audience): readonly Row[] {
  const { settings, provenance } = configuration
  const rows = leavesOf(settings).map(({ path, value }) => {
    const setting = path.join('.')
    return { setting, value, from: provenance.get(setting) ?? 'default' }
  })
  if (audience === undefined) return rows
  const { explainImage } = prepareRulebook(settings)
  const images = (audience.pod?.images ?? []).map(use => ({ ...use, ...explainImage(use.image) }))
  const rules = new Set(images.flatMap(use => (use.pulled ? use.rules : [])))
  const byImage = new Map(images.map(use => [use.image, use]))
  return [
    explainExemption(configuration, audience),
    ...[...byImage.values()].map(use => explainClass(configuration, use.image, use)),
    ...rows.flatMap(row => explainRow(row, audience, configuration, rules)),
  ]
}

function explainExemption({ settings, provenance }: Configuration, { namespace }: Audience): Row {
  const list = 'exemptions.namespaces'
  const index = settings.exemptions.namespaces.indexOf(namespace.name)
  const from = provenance.get(`${list}[${index}]`) ?? provenance.get(list) ?? 'default'
  return { setting: 'exempt', value: index >= 0, from }
}

/** Which class an image has, and which pattern of which line decided. */
function explainClass({ provenance }: Configuration, image: string, { name, decision }: ImageExplanation): Row {
  const setting = `class of ${cutVisible(image, MAX_IMAGE_LENGTH)}`
  if (name === undefined) return { setting, value: null, from: 'not a valid image name' }
  const { registryClass, pattern, needs = [] } = decision
  if (pattern === undefined) {
    const path = 'registries.default'
    return { setting, value: registryClass, from: `${provenance.get(path) ?? 'default'}, ${path}` }
  }
  const line = provenance.get(`registries.${pattern.listed}[${pattern.index}]`) ?? 'default'
  const only = needs.length === 0 ? '' : `; private unless its ServiceAccount has ${describeNeeds(needs)}`
  return { setting, value: registryClass, from: `${line}, ${pattern.text}${only}` }
}

function explainRow(
  row: Row,
  { namespace, pod }: Audience,
  configuration: Configuration,
  rules: ReadonlySet<number>,
): readonly Row[] {
  const { settings, provenance } = configuration
  const known: Known<Namespace> = { state: 'value', value: namespace }
  switch (row.setting) {
    case 'mode': {
      const { mode, decidedBy } = modeOf(known, settings.mode)
      return [{ ...row, value: mode, from: sourceOf(row, decidedBy, MODE_LABEL, namespace.mode) }]
    }
    case 'inject.enabled':
      return [explainInjection(row, known, namespace.inject, pod, settings)]
    case 'inject.secrets':
      return [
        row,
        // In the engine's order: image by image.
        ...[...rules].map(index => ({
          ...row,
          value: settings.inject.rules[index]?.secrets,
          from: `${provenance.get(`inject.rules[${index}]`)}, rule`,
        })),
        ...annotated(row, 'namespace', namespace.pullSecrets),
        ...annotated(row, 'Pod', pod?.pullSecrets),
      ]
    default:
      return [row]
  }
}

function explainInjection(
  row: Row,
  namespace: Known<Namespace>,
  label: string | undefined,
  pod: Audience['pod'],
  settings: Settings,
): Row {
  const { mirror = false, optedOut = false } = pod ?? {}
  const { does, decidedBy } = injectionOf({ mirror, optedOut }, namespace, settings)
  // What is only recorded stays so by the mode, which stands beside it.
  const value = does === 'record' ? row.value : does === 'add'
  if (decidedBy === 'mirrorPod') return { ...row, value, from: 'it is the mirror Pod of a static Pod' }
  if (decidedBy === 'podAnnotation') return { ...row, value, from: `Pod annotation ${INJECT_LABEL}` }
  const source = sourceOf(row, decidedBy, INJECT_LABEL, label)
  const from = decidedBy === 'mode' ? `${source}; auto, and ${MODE_WORDS[does]}` : source
  return {
    ...row,
    value,
    from: optedOut ? `${from}; the Pod annotation ${INJECT_LABEL} is ignored, because inject.optOut is false` : from,
  }
}

/** What `auto` comes to by the mode. */
const MODE_WORDS = {
  add: 'the mode of the configuration or of the namespace is warn or enforce',
  record: 'mode audit only records what would be added',
  nothing: 'the mode is off',
} as const

/** What decided: a label of the Namespace, or else the file or the default, and then a label that has no such value is named. */
function sourceOf(row: Row, decidedBy: string, label: string, value: string | undefined): string {
  if (decidedBy === 'label') return `namespace label ${label}`
  if (value === undefined) return row.from
  return `${row.from}; namespace label ${label} has the unknown value ${quote(value)} and is ignored`
}

function annotated(row: Row, of: string, annotation: string | undefined): readonly Row[] {
  const names = namesIn(annotation)
  return names.length === 0 ? [] : [{ ...row, value: names, from: `${of} annotation ${PULL_SECRETS_ANNOTATION}` }]
}
