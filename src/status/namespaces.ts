import type { WholeCluster } from '../ask/cluster.ts'
import { isObjectName } from '../kube/object-name.ts'
import { get, getItems, getText, strings } from '../kube/untyped.ts'
import { INJECT_LABEL, MODE_LABEL, modeOf } from '../policy/labels.ts'
import type { Mode, Settings } from '../policy/settings.ts'
import { nameFirst } from '../runtime/count.ts'
import type { Part } from './part.ts'
import type { ReadConfiguration } from './read-configuration.ts'
import { isOfPods } from './read-webhooks.ts'
import { unlessForbidden } from './unless-forbidden.ts'

/** A Namespace, as far as regcred is asked about it. */
export interface NamespaceState {
  readonly name: string
  /** Pods of it come to a webhook, and the configuration does not exempt them. */
  readonly isAsked: boolean
  /** Undefined where neither a label nor the configuration says it. */
  readonly mode: Mode | undefined
  readonly isOptedOut: boolean
}

/** Namespaces of a sort that are named. */
const MAX_NAMED = 5

/** What is not asked about in any installation: the cluster's own. */
const SYSTEM: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease'])

/**
 * The Namespaces of a cluster; undefined where they may not be listed.
 *
 * @throws {AskError} where the cluster does not answer
 */
export async function readNamespaces(
  cluster: WholeCluster,
  webhooks: readonly unknown[],
  configuration: ReadConfiguration,
): Promise<readonly NamespaceState[] | undefined> {
  const settings = 'settings' in configuration ? configuration.settings : undefined
  const ofPods = webhooks.filter(isOfPods)
  const reading = await unlessForbidden(
    (async () => {
      const states: NamespaceState[] = []
      for await (const object of cluster.listNamespaces()) {
        // What cannot be the name of one is not asked about.
        if (isObjectName(getText(object, 'metadata', 'name'))) states.push(stateOf(object, ofPods, settings))
      }
      return states
    })(),
  )
  return 'value' in reading ? reading.value : undefined
}

function stateOf(object: unknown, webhooks: readonly unknown[], settings: Settings | undefined): NamespaceState {
  const name = getText(object, 'metadata', 'name')
  const labels = strings(get(object, 'metadata', 'labels'))
  const namespace = { name, ...(labels[MODE_LABEL] !== undefined && { mode: labels[MODE_LABEL] }) }
  const { mode, decidedBy } = modeOf({ state: 'value', value: namespace }, settings?.mode ?? 'warn')
  const isSelected = webhooks.some(webhook => selects(get(webhook, 'namespaceSelector'), labels))
  return {
    name,
    isAsked: isSelected && settings?.exemptions.namespaces.includes(name) !== true,
    mode: decidedBy === 'label' || settings !== undefined ? mode : undefined,
    isOptedOut: labels[INJECT_LABEL] === 'disabled',
  }
}

/** Whether a label selector of Kubernetes selects these labels. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const isEqual = Object.entries(strings(get(selector, 'matchLabels'))).every(([key, value]) => labels[key] === value)
  return isEqual && getItems(selector, 'matchExpressions').every(expression => isMet(expression, labels))
}

function isMet(expression: unknown, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[getText(expression, 'key')]
  const values = getItems(expression, 'values')
  switch (getText(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    default:
      return value === undefined
  }
}

/**
 * What regcred does, and where it does less.
 *
 * @param own namespace of the release, which is never asked about
 */
export function tellMode(
  configuration: ReadConfiguration,
  states: readonly NamespaceState[] | undefined,
  own: string,
): Part {
  const mode = 'settings' in configuration ? configuration.settings.mode : undefined
  const others = (states ?? []).filter(({ name }) => !SYSTEM.has(name) && name !== own)
  const notAsked = namesOf(others.filter(({ isAsked }) => !isAsked))
  const asked = others.filter(({ isAsked }) => isAsked)
  const off = namesOf(asked.filter(one => one.mode === 'off'))
  const optedOut = namesOf(asked.filter(({ isOptedOut }) => isOptedOut))
  const less = [
    tell(off, 'off in'),
    tell(optedOut, 'adding nothing in'),
    tell(notAsked, 'not asked in'),
    ...(states === undefined ? ['you may not list namespaces'] : []),
  ].filter(text => text !== '')
  const begin = mode === undefined && 'unknown' in configuration ? configuration.unknown : `mode is ${mode}`
  const isQuiet = mode === 'off' || mode === 'audit'
  const state = mode === undefined ? 'unknown' : less.length > 0 || isQuiet ? 'odd' : 'good'
  const facts = { mode: mode ?? null, off, optedOut, notAsked }
  return { part: 'mode', state, text: [begin, ...less].join('; '), facts }
}

function namesOf(states: readonly NamespaceState[]): readonly string[] {
  return states.map(({ name }) => name)
}

function tell(names: readonly string[], where: string): string {
  if (names.length === 0) return ''
  const what = names.length === 1 ? 'namespace' : `${names.length} namespaces:`
  return `${where} ${what} ${nameFirst(names.slice(0, MAX_NAMED), names.length)}`
}
