/** What differs each time: uids, times, made-up names, versions of objects and the certificate that kubectl shows. */
const PASSING: readonly { readonly pattern: RegExp; readonly instead: (count: number) => string }[] = [
  {
    pattern: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
    instead: count => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
  },
  { pattern: /(?<=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?=")/g, instead: () => '2026-06-01T00:00:00Z' },
  { pattern: /(?<="kube-api-access-)[a-z0-9]{5}(?=")/g, instead: () => 'xxxxx' },
  { pattern: /(?<="resourceVersion":")\d+(?=")/g, instead: () => '1' },
  { pattern: /(?<=X509SHA256=)[0-9a-f]{64}/g, instead: () => '0'.repeat(64) },
]

/** Replaces what differs each time that a case is caused, alike in all of the value, so that a difference means something. */
export function normalise<T>(value: T): T {
  let text = JSON.stringify(value, (key, part) => (key === 'managedFields' ? sortByManager(part) : part))
  for (const { pattern, instead } of PASSING) {
    const known = new Map<string, string>()
    text = text.replace(pattern, found => {
      const made = known.get(found) ?? instead(known.size + 1)
      known.set(found, made)
      return made
    })
  }
  for (const [, prefix = ''] of text.matchAll(/"generateName":"([a-z0-9-]+-)"/g)) {
    text = text.replaceAll(new RegExp(`(?<=[" ]${prefix})[a-z0-9]{5}(?=[":])`, 'g'), 'xxxxx')
  }
  return JSON.parse(text)
}

/** They come by time, and what was written within one second in any order. */
function sortByManager(fields: readonly Readonly<Record<string, string>>[]) {
  const nameOf = ({ manager, operation, subresource }: Readonly<Record<string, string>>) =>
    [manager, operation, subresource].join(' ')
  return fields.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}
