import { splitAdvice } from '../../report/command-lines.ts'
import { findLink } from '../../report/formats/links.ts'
import { nameFirst } from '../../runtime/count.ts'
import { nameWorkloads } from '../../scan/formats/scan-text.ts'
import { makeDownload } from '../download.ts'
import type { Card, Page, Row, Table } from '../page.ts'
import {
  capitalise,
  count,
  LABELS,
  MAX_CARDS,
  MAX_GROUPS,
  MAX_TABLE_ROWS,
  mostUrgentFirst,
  NEVER_KNOWN,
  sayTime,
  sayVerdict,
} from '../sayings.ts'
import { SOON_MS, sayExpiry, sayRegistries } from '../tables.ts'
import type { Merged, MergedCause, MergedCluster, MergedCredential } from './merge.ts'
import { type MergedTotals, totalsOf } from './totals.ts'

/** Workloads, or clusters, that a card or a row names. */
const MAX_NAMED = 5
/** Files that were not used of which the reason is said. */
const MAX_UNREAD = 50

type Weighed = Card & { readonly weight: number }

/** A page about many clusters. @param version of regcred */
export function mergedPageOf(merged: Merged, version: string): Page {
  const { clusters, credentials, causes, causeCount, now } = merged
  const totals = totalsOf(merged)
  const soon = credentials.filter(({ expires = now }) => expires > now && expires < now + SOON_MS)
  const cards = mostUrgentFirst([
    ...causes.map(causeCard),
    ...soon.slice(0, MAX_CARDS).map(one => expiringCard(one, now)),
  ])
  const left = causeCount + soon.length - Math.min(cards.length, MAX_CARDS)
  return {
    ...verdictOf(totals, clusters),
    subject: `${count(clusters.length, 'cluster')}, ${sayTime(now)}`,
    tiles: tilesOf(totals),
    cards: cards.slice(0, MAX_CARDS),
    moreCards: left > 0 ? `${count(left, 'more cause')}: the page of each cluster has its own.` : '',
    groups: { label: 'Cluster', names: clusters.map(({ cluster }) => cluster).slice(0, MAX_GROUPS) },
    tables: [clustersTable(clusters), credentialsTable(merged)],
    unknown: [...unknownOf(merged), ...NEVER_KNOWN],
    made: [
      `By regcred ${version} on ${sayTime(now)}, of the scans of ${count(clusters.length, 'cluster')}.`,
      'It is one file and asks no network. It holds names, registries and times, and no user name and no password. What a scan of another says is shown as it is, and no command of it can be copied from here.',
    ],
    downloads: [
      makeDownload('regcred-clusters.csv', 'clusters', CSV_OF_CLUSTERS, clusters.map(csvOfCluster)),
      makeDownload('regcred-secrets.csv', 'pull secrets', CSV_OF_CREDENTIALS, credentials.map(csvOfCredential)),
    ],
  }
}

function verdictOf(totals: MergedTotals, clusters: readonly MergedCluster[]): Pick<Page, 'verdict' | 'grade'> {
  const said = sayVerdict(totals, totals.notRead === 0)
  const wrong = clusters.filter(one => (totals.willNotPull > 0 ? one.willNotPull : one.mayNotPull) > 0).length
  if (wrong === 0) return said
  const where = `in ${wrong.toLocaleString('en')} of ${count(clusters.length, 'cluster')}`
  return { ...said, verdict: said.verdict.replace(/ (will|may) not/, ` ${where} $1 not`) }
}

function tilesOf({ willNotPull, mayNotPull, expiring, shared, notRead }: MergedTotals): Page['tiles'] {
  return [
    { number: willNotPull, words: 'workloads will not pull', grade: 'error' },
    { number: mayNotPull, words: 'workloads may not pull', grade: 'warning' },
    { number: expiring, words: 'pull secrets expire within 14 days', grade: 'expiring' },
    { number: shared, words: 'pull secrets are in more than one cluster', grade: 'note' },
    { number: notRead, words: 'namespaces or files could not be read', grade: 'warning' },
  ]
}

/** What another wrote is not offered to be run. */
function causeCard(cause: MergedCause): Weighed {
  const { grade, code, cluster, namespace, message, advice, workloads, weight } = cause
  const { words, command } = splitAdvice(advice)
  return {
    ...{ grade, label: LABELS[grade], code, link: findLink(code), weight, group: cluster },
    ...{
      where: `${cluster}, ${namespace}`,
      problem: capitalise(message),
      advice: capitalise(`${words} ${command}`.trim()),
      command: '',
    },
    workloads: nameWorkloads(workloads, { named: MAX_NAMED }),
  }
}

function expiringCard(credential: MergedCredential, now: number): Weighed {
  const { secret, clusters, clusterCount, expires = now } = credential
  const [group = ''] = clusters
  const { words } = sayExpiry(new Date(expires).toISOString(), now)
  return {
    ...{ grade: 'expiring', label: LABELS.expiring, code: 'Expiring', link: undefined, weight: now - expires, group },
    ...{ where: nameFirst(clusters.slice(0, MAX_NAMED), clusterCount), workloads: '', command: '' },
    problem: `Secret "${secret}" for ${sayRegistries(credential)} expires ${words}, in ${count(clusterCount, 'cluster')}`,
    advice: 'Renew it in each of them before that.',
  }
}

function clustersTable(clusters: readonly MergedCluster[]): Table {
  const rows = clusters.slice(0, MAX_TABLE_ROWS).map((one): Row => {
    const { cluster, workloads, willNotPull, mayNotPull, notRead, time } = one
    const numbers = [workloads, willNotPull, mayNotPull, notRead].map(number => number.toLocaleString('en'))
    const grade = willNotPull > 0 ? 'error' : mayNotPull > 0 ? 'warning' : 'none'
    return {
      groups: [cluster],
      grade,
      cells: [cluster, ...numbers, time === undefined ? 'does not say' : sayTime(time)],
    }
  })
  const head = ['Cluster', 'Workloads', 'Will not pull', 'May not pull', 'Not read', 'Scanned']
  return { id: 'clusters', title: 'Clusters', head, rows, after: sayRest(clusters.length - rows.length, 'the CSV has') }
}

function credentialsTable({ credentials, credentialsLeftOut, now }: Merged): Table {
  const rows = credentials.slice(0, MAX_TABLE_ROWS).map((one): Row => {
    const { secret, clusters, clusterCount, places, expires } = one
    const { words, grade } = sayExpiry(expires === undefined ? null : new Date(expires).toISOString(), now)
    const where = `${clusterCount.toLocaleString('en')}: ${nameFirst(clusters.slice(0, MAX_NAMED), clusterCount)}`
    return { groups: clusters, grade, cells: [secret, sayRegistries(one), words, where, places.toLocaleString('en')] }
  })
  const after = [
    sayRest(credentials.length - rows.length, '-o json has'),
    ...(credentialsLeftOut > 0 ? [`${count(credentialsLeftOut, 'pull secret')} more than can be told apart.`] : []),
    'Pull secrets of one name for the same registries are one row: they are probably one login. User names are not compared.',
  ]
  const head = ['Secret', 'For', 'Expires', 'Clusters', 'Namespaces']
  return { id: 'secrets', title: 'Pull secrets', head, rows, after: after.join(' ').trim() }
}

function sayRest(number: number, where: string): string {
  return number > 0 ? `${number.toLocaleString('en')} more: ${where} all.` : ''
}

function unknownOf({ clusters, faults }: Merged): readonly string[] {
  const hidden = faults.length - MAX_UNREAD
  const times = clusters.flatMap(({ time }) => time ?? [])
  const first = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const unread = clusters.filter(({ notRead }) => notRead > 0).map(({ cluster }) => cluster)
  return [
    ...faults.slice(0, MAX_UNREAD).map(fault => `${fault}.`),
    ...(hidden > 0 ? [`${count(hidden, 'more file')} that could not be used.`] : []),
    ...(unread.length === 0
      ? []
      : [`All namespaces of ${nameFirst(unread.slice(0, MAX_UNREAD), unread.length)}: some could not be read.`]),
    ...(times.length === 0 ? [] : [`What has changed since the scans, the oldest of which is of ${sayTime(first)}.`]),
  ]
}

const CSV_OF_CLUSTERS = ['cluster', 'workloads', 'willNotPull', 'mayNotPull', 'secrets', 'notRead', 'scanned']

function csvOfCluster({ cluster, time, ...numbers }: MergedCluster): readonly string[] {
  const { workloads, willNotPull, mayNotPull, secrets, notRead } = numbers
  const counts = [workloads, willNotPull, mayNotPull, secrets, notRead].map(String)
  return [cluster, ...counts, time === undefined ? '' : new Date(time).toISOString()]
}

const CSV_OF_CREDENTIALS = ['secret', 'registries', 'expires', 'clusterCount', 'namespaces', 'clusters']

function csvOfCredential(credential: MergedCredential): readonly string[] {
  const { secret, registries, registryCount, expires, clusters, clusterCount, places } = credential
  return [
    ...[secret, nameFirst(registries, registryCount), expires === undefined ? '' : new Date(expires).toISOString()],
    ...[`${clusterCount}`, `${places}`, nameFirst(clusters, clusterCount)],
  ]
}
