import type { Namespace } from '../policy/facts.ts'
import { INJECT_LABEL, INJECT_VALUES, MODE_LABEL, MODES, namesIn, PULL_SECRETS_ANNOTATION } from '../policy/labels.ts'
import { explainClass, explainRules } from './explain-image.ts'
import { quote } from './fault.ts'
import type { Configuration } from './read.ts'
import { leavesOf } from './settings.ts'

/** What a setting is, and what made it so. */
export interface Row {
  /** As in the file, e.g. `inject.enabled`. Names to inject add up, so `inject.secrets` may come several times. */
  readonly setting: string
  readonly value: unknown
  /** E.g. `default`, `regcred.yaml:3`, `namespace label regcred.dev/mode`. */
  readonly from: string
}

/** For whom the settings are explained. */
export interface Subject {
  readonly namespace: Namespace
  readonly pod?: {
    /** Annotation `regcred.dev/inject: disabled`. */
    readonly optedOut: boolean
    /** Annotation `regcred.dev/pull-secrets`. */
    readonly pullSecrets: string | undefined
    readonly images: readonly string[]
  }
}

/**
 * Says what every setting is, and which line decided: in general, or for one namespace and a Pod in it.
 *
 * | setting        | the first of these that says something                                       |
 * | -------------- | ---------------------------------------------------------------------------- |
 * | mode           | label of the Namespace, file, default                                        |
 * | inject.enabled | the Pod's opting out, where heeded; label of the Namespace, file, default     |
 * | inject.secrets | all of: file or default, rules, annotation of the Namespace, that of the Pod  |
 * | any other      | file, default                                                                |
 *
 * Beside the settings there are rows for what follows from them: whether the namespace is `exempt` (then nothing else
 * matters), and the class of each image.
 */
export function explain(configuration: Configuration, subject?: Subject): readonly Row[] {
  const { settings, provenance } = configuration
  const rows = leavesOf(settings).map(({ path, value }) => {
    const setting = path.join('.')
    return { setting, value, from: provenance.get(setting) ?? 'default' }
  })
  if (subject === undefined) return rows
  const images = [...new Set(subject.pod?.images)]
  return [
    explainExemption(configuration, subject),
    ...images.map(image => explainClass(configuration, image)),
    ...rows.flatMap(row => explainRow(row, subject, configuration)),
  ]
}

function explainExemption({ settings, provenance }: Configuration, { namespace }: Subject): Row {
  const list = 'exemptions.namespaces'
  const index = settings.exemptions.namespaces.indexOf(namespace.name)
  const from = provenance.get(`${list}[${index}]`) ?? provenance.get(list) ?? 'default'
  return { setting: 'exempt', value: index >= 0, from }
}

function explainRow(row: Row, { namespace, pod }: Subject, configuration: Configuration): readonly Row[] {
  switch (row.setting) {
    case 'mode':
      return [heedLabel(row, MODE_LABEL, namespace.mode, MODES, mode => mode)]
    case 'inject.enabled': {
      if (pod?.optedOut && configuration.settings.inject.optOut)
        return [{ ...row, value: false, from: `Pod annotation ${INJECT_LABEL}` }]
      const byLabel = heedLabel(row, INJECT_LABEL, namespace.inject, INJECT_VALUES, value => value === 'enabled')
      if (!pod?.optedOut) return [byLabel]
      return [{ ...byLabel, from: `${byLabel.from}; inject.optOut keeps the Pod from opting out` }]
    }
    case 'inject.secrets':
      return [
        row,
        ...explainRules(configuration, pod?.images ?? []),
        ...annotated(row, 'namespace', namespace.pullSecrets),
        ...annotated(row, 'Pod', pod?.pullSecrets),
      ]
    default:
      return [row]
  }
}

function heedLabel(
  row: Row,
  label: string,
  value: string | undefined,
  allowed: readonly string[],
  toSetting: (value: string) => unknown,
): Row {
  if (value === undefined) return row
  if (allowed.includes(value)) return { ...row, value: toSetting(value), from: `namespace label ${label}` }
  return { ...row, from: `${row.from}; namespace label ${label} has no value ${quote(value)} and counts as not set` }
}

function annotated(row: Row, of: string, annotation: string | undefined): readonly Row[] {
  const names = namesIn(annotation)
  return names.length === 0 ? [] : [{ ...row, value: names, from: `${of} annotation ${PULL_SECRETS_ANNOTATION}` }]
}
