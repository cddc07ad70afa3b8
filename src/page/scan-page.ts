import { command } from '../advice/kubectl.ts'
import { splitAdvice } from '../report/command-lines.ts'
import { findLink } from '../report/formats/links.ts'
import { nameFirst } from '../runtime/count.ts'
import { writeSpan } from '../runtime/duration.ts'
import type { CauseDocument, ScanDocument } from '../scan/formats/scan-document.ts'
import { nameWorkloads } from '../scan/formats/scan-text.ts'
import { whyCommand } from '../scan/formats/why-command.ts'
import type { Workload } from '../scan/scan.ts'
import { makeDownload } from './download.ts'
import type { Card, Page, Tile } from './page.ts'
import {
  capitalise,
  count,
  LABELS,
  MAX_CARDS,
  MAX_GROUPS,
  mostUrgentFirst,
  NEVER_KNOWN,
  sayTime,
  sayVerdict,
} from './sayings.ts'
import { CSV_OF_CAUSES, CSV_OF_SECRETS, rowsOfCauses, rowsOfSecrets, secretsTable } from './tables.ts'

/** Workloads that a card names. */
const MAX_NAMED = 10
/** Namespaces that were not read of which the reason is said. */
const MAX_UNREAD = 50

/** A card, and how much it matters among those of its grade. */
type Weighed = Card & { readonly weight: number }

/** A page about one cluster. @param version of regcred */
export function pageOf(scan: ScanDocument, version: string): Page {
  const { cluster, generatedAt, namespaces, secrets, summary, notRead } = scan
  const now = Date.parse(generatedAt)
  const cards = mostUrgentFirst(cardsOf(scan, now))
  const left = cards.length - MAX_CARDS
  const name = cluster ?? 'a cluster'
  const when = sayTime(now)
  return {
    ...sayVerdict(summary, notRead.length === 0),
    subject: `${name}, ${when}`,
    tiles: tilesOf(scan),
    cards: cards.slice(0, MAX_CARDS),
    moreCards: left > 0 ? `${count(left, 'more cause')}: regcred scan -o wide has all.` : '',
    groups: { label: 'Namespace', names: namespaces.map(({ namespace }) => namespace).slice(0, MAX_GROUPS) },
    tables: [secretsTable(secrets, now)],
    unknown: [...unknownOf(scan), ...NEVER_KNOWN, `What has changed in the cluster since ${when}.`],
    made: [
      `By regcred ${version} from ${cluster === null ? 'one cluster' : `cluster ${cluster}`}: ${count(namespaces.length, 'namespace')} and ${count(summary.workloads, 'workload')} on ${when}.`,
      'It is one file and asks no network. It holds names, registries and times, and no user name and no password. The same as text: regcred scan.',
    ],
    downloads: [
      makeDownload('regcred-causes.csv', 'causes', CSV_OF_CAUSES, rowsOfCauses(scan)),
      makeDownload('regcred-secrets.csv', 'pull secrets', CSV_OF_SECRETS, rowsOfSecrets(scan)),
    ],
  }
}

function tilesOf({ summary, expiring, notRead }: ScanDocument): readonly Tile[] {
  const { willNotPull, mayNotPull, unused } = summary
  const soon = new Set(expiring.map(({ namespace, secret }) => `${namespace}/${secret}`)).size
  const tile = (number: number, one: string, many: string, grade: Tile['grade']) => {
    return { number, words: number === 1 ? one : many, grade }
  }
  return [
    tile(willNotPull, 'workload will not pull', 'workloads will not pull', 'error'),
    tile(mayNotPull, 'workload may not pull', 'workloads may not pull', 'warning'),
    tile(soon, 'pull secret expires soon', 'pull secrets expire soon', 'expiring'),
    tile(unused, 'pull secret is named by nothing', 'pull secrets are named by nothing', 'note'),
    tile(notRead.length, 'namespace could not be read', 'namespaces could not be read', 'warning'),
  ]
}

function cardsOf(scan: ScanDocument, now: number): readonly Weighed[] {
  const { causes, waiting, expiring, serviceAccounts } = scan
  return [
    ...causes.map(causeCard),
    ...[...Map.groupBy(waiting, ({ namespace }) => namespace)].map(([namespace, all]) => waitingCard(namespace, all)),
    ...expiring.map(({ namespace, secret, registry, expires, usedBy }): Weighed => {
      const left = Date.parse(expires) - now
      const users =
        usedBy === 0
          ? 'nothing that was read names it'
          : `${count(usedBy, 'object')} ${usedBy === 1 ? 'names' : 'name'} it`
      return {
        ...{ grade: 'expiring', label: LABELS.expiring, code: 'Expiring', link: undefined, weight: -left },
        ...{ where: namespace, group: namespace, workloads: '' },
        problem: `The password for ${registry} in Secret "${secret}" expires in ${writeSpan(left)}; ${users}`,
        advice: 'Renew it before that. What it is for:',
        command: command([secret, namespace], `regcred inspect ${secret} --namespace ${namespace}`) ?? '',
      }
    }),
    ...serviceAccounts.map(({ namespace, name, secret, suggestion }): Weighed => {
      return {
        ...{ grade: 'note', label: LABELS.note, code: 'ServiceAccount', link: undefined, weight: 0 },
        ...{ where: namespace, group: namespace, workloads: '' },
        problem: `ServiceAccount ${name} names Secret "${secret}", which does not exist`,
        advice: suggestion === null ? 'Take the name out, or correct it:' : `Did you mean "${suggestion}"?`,
        command: command([name, namespace], `kubectl edit serviceaccount ${name} --namespace ${namespace}`) ?? '',
      }
    }),
  ]
}

function causeCard({ level, code, namespace, message, advice, workloads }: CauseDocument): Weighed {
  const { words, command } = splitAdvice(advice)
  const [first] = workloads
  const look = command === '' && first !== undefined ? (lookAt(namespace, first) ?? '') : ''
  return {
    ...{ grade: level, label: LABELS[level], code, link: findLink(code), weight: weightOf(workloads) },
    ...{ where: namespace, group: namespace, problem: capitalise(message) },
    workloads: nameWorkloads(workloads, { named: MAX_NAMED }),
    advice: capitalise(look === '' ? words : `${words === '' ? '' : `${words}. `}Look at it:`),
    command: command === '' ? look : command,
  }
}

function waitingCard(namespace: string, workloads: readonly Workload[]): Weighed {
  const [asked] = workloads.flatMap(one => whyCommand(namespace, one) ?? [])
  return {
    ...{ grade: 'error', label: LABELS.error, code: 'Waiting', link: findLink('Waiting'), weight: weightOf(workloads) },
    ...{ where: namespace, group: namespace },
    problem: 'Pods wait for an image, though nothing is wrong with their pull secrets',
    workloads: nameWorkloads(workloads, { named: MAX_NAMED }),
    advice: 'What the node said:',
    command: asked ?? '',
  }
}

/** Pods that wait count for more than workloads that might. */
function weightOf(workloads: readonly Workload[]): number {
  const waiting = workloads.reduce((sum, one) => sum + one.waiting, 0)
  return waiting * WAITING_WEIGHT + workloads.length
}

const WAITING_WEIGHT = 1e6

function lookAt(namespace: string, workload: Workload): string | undefined {
  const asked = workload.waiting > 0 ? whyCommand(namespace, workload) : undefined
  const kind = workload.kind.toLowerCase()
  const { name } = workload
  return asked ?? command([kind, name, namespace], `kubectl get ${kind} ${name} --namespace ${namespace} -o yaml`)
}

function unknownOf({ namespaces, notRead, remarks, secrets }: ScanDocument): readonly string[] {
  const left = namespaces.filter(({ leftOut }) => leftOut).map(({ namespace }) => namespace)
  const hidden = notRead.length - MAX_UNREAD
  return [
    ...notRead.slice(0, MAX_UNREAD).map(({ namespace, reason }) => `Namespace ${namespace}: ${reason}.`),
    ...(hidden > 0 ? [`${count(hidden, 'more namespace')} that could not be read.`] : []),
    ...(left.length === 0
      ? []
      : [
          `What is wrong in ${nameFirst(left.slice(0, MAX_UNREAD), left.length)}: left out by the configuration or a label.`,
        ]),
    ...remarks.slice(0, MAX_UNREAD).map(remark => `${remark}.`),
    ...(secrets.some(({ usedBy }) => usedBy === null)
      ? ['Workloads without the labels of the selector, and who uses which pull secret: they were left out.']
      : []),
  ]
}
