import { hang } from '../../runtime/columns.ts'
import { count, nameFirst } from '../../runtime/count.ts'
import type { Shown, Terminal } from '../../runtime/terminal.ts'
import { type Scan, type TextOptions, totalsOf } from '../scan.ts'

/** Names that a line holds: nobody reads more. */
const MAX_NAMES = 10

/** Writes what there is to know beside what is wrong: notes, Secrets that nothing names, and what was not read. */
export function writeRemarks(scan: Scan, { width, listsUnused, isWide }: TextOptions, out: Terminal): readonly Shown[] {
  const { notes, unused } = totalsOf(scan)
  const left = scan.namespaces.filter(({ isLeftOut }) => isLeftOut).map(({ namespace }) => namespace)
  const remarks = [
    ...sayAccounts(scan),
    ...(notes === 0 || isWide ? [] : [`${count(notes, 'note')}: -o wide has ${notes === 1 ? 'it' : 'them'}.`]),
    ...sayUnused(unused, listsUnused),
    ...(listsUnused ? listUnused(scan) : []),
    ...(left.length === 0 ? [] : [`Left out by the configuration or a label: ${nameSome(left)}.`]),
    ...sayNotRead(scan),
  ]
  return remarks.flatMap(remark => {
    const words = remark.trimStart()
    return hang(' '.repeat(remark.length - words.length), words, width).map(line => out.line`${line}`)
  })
}

function nameSome(names: readonly string[]): string {
  return nameFirst(names.slice(0, MAX_NAMES), names.length)
}

function sayAccounts({ namespaces }: Scan): readonly string[] {
  const all = namespaces.flatMap(({ accounts }) => accounts)
  if (all.length === 0) return []
  const more = all.length - MAX_NAMES
  return [
    'ServiceAccounts that name a Secret that does not exist:',
    ...all.slice(0, MAX_NAMES).map(({ namespace, name, secret, near }) => {
      return `  ${namespace}/${name}: "${secret}"${near === undefined ? '' : `; did you mean "${near}"?`}`
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

/** Nobody knows what else reads a Secret, so it is not said that it can go. */
function sayUnused(unused: number, listsUnused: boolean): readonly string[] {
  if (unused === 0) return listsUnused ? ['Every pull secret is named by something that was read.'] : []
  const secrets = `${count(unused, 'pull secret')} ${unused === 1 ? 'is' : 'are'} named by no ServiceAccount, workload or Pod`
  if (!listsUnused) return [`${secrets} (--unused).`]
  return [`${secrets}. A node plugin, an operator or a build may still use ${unused === 1 ? 'it' : 'them'}:`]
}

function listUnused({ namespaces }: Scan): readonly string[] {
  return namespaces.flatMap(({ namespace, unused = [] }) => unused.map(secret => `  ${namespace}/${secret}`))
}

function sayNotRead({ notRead }: Scan): readonly string[] {
  const forbidden = notRead.filter(({ isForbidden }) => isForbidden).map(({ namespace }) => namespace)
  const failed = notRead.filter(({ isForbidden }) => !isForbidden).map(({ namespace }) => namespace)
  return [
    ...(forbidden.length === 0
      ? []
      : [`Not read: ${nameSome(forbidden)} (you may not list all that is needed; --rbac prints a role).`]),
    ...(failed.length === 0 ? [] : [`Not read, because the API server failed: ${nameSome(failed)}.`]),
  ]
}
