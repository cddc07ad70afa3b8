/** A text of a size that each shape knows: characters or objects. */
interface Shape {
  /** The smaller of the two sizes that are compared. */
  readonly size: number
  readonly make: (size: number) => string
}

const CHARACTERS = 100_000
const OBJECTS = 1000

const characters = (make: Shape['make']): Shape => ({ size: CHARACTERS, make })
const objects = (make: (size: number) => readonly object[]): Shape => ({
  size: OBJECTS,
  make: size => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: make(size) }),
})
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

function secret(name: string, ...keys: string[]): object {
  const auths = Object.fromEntries(keys.map(key => [key, { username: 'u', password: 'p' }]))
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default' },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
  }
}

function pod(name: string, image: string, ...references: string[]): object {
  const spec = { containers: [{ name: 'c', image }], imagePullSecrets: references.map(name => ({ name })) }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec }
}

const YAML_POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: nginx}]}\n'
const MAP = (size: number) => `{${times(size / 10, i => `k${i}: 1`).join(', ')}}`

/** Files that strangers might give, by what is in them. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'JSON of quotes': characters(size => `{${'"'.repeat(size)}`),
  'JSON of escaped quotes': characters(size => `{"${'\\"'.repeat(size / 2)}`),
  'JSON values': characters(size => '{"a":1}'.repeat(size / 7)),
  'JSON that opens': characters(size => '{"a":'.repeat(size / 5)),
  'JSON that nests': characters(size => `${'[{"a":'.repeat(size / 8)}1${'}]'.repeat(size / 8)}`),
  'JSON lists in lists': characters(
    size => '{"apiVersion":"v1","kind":"List","items":['.repeat(size / 44) + ']}'.repeat(size / 44),
  ),
  'YAML documents of nothing': characters(size => '---\n'.repeat(size / 8)),
  'YAML Pods': characters(size => `---\n${YAML_POD}`.repeat(size / 100)),
  'YAML Pods, Windows': characters(size => `\uFEFF${`---\n${YAML_POD}`.repeat(size / 100)}`.replaceAll('\n', '\r\n')),
  'YAML Pods, and {{ }} in one': characters(size => `${`---\n${YAML_POD}`.repeat(size / 100)}---\na: "{{ b }}"\n`),
  'YAML templates': characters(size => '---\na: {{ b }}\n'.repeat(size / 15)),
  'YAML errors': characters(size => '---\na: b: c\n'.repeat(size / 12)),
  'YAML byte order marks': characters(size => '---\n\uFEFFa: 1\n'.repeat(size / 10)),
  'YAML that opens': characters(size => '['.repeat(size)),
  'YAML of dashes': characters(size => '- '.repeat(size / 2)),
  'YAML of quotes': characters(size => '"'.repeat(size)),
  'YAML keys': characters(MAP),
  'YAML block of empty lines': characters(size => `a: |\n${'\n'.repeat(size)}`),
  'YAML anchors and aliases': characters(size => times(size / 20, i => `- &a${i} 1\n- *a${i}\n`).join('')),
  'YAML merges of a map': characters(size => `a: &a ${MAP(size)}\nb:\n${'- {<<: *a}\n'.repeat(900)}`),
  'Pods with their own Secret': objects(size => [
    ...times(size, i => secret(`s${i}`, `r${i}.example.com`)),
    ...times(size, i => pod(`p${i}`, `r${i}.example.com/a`, `s${i}`)),
  ]),
  'Pods with a near name each': objects(size => [
    ...times(size, i => secret(`secret-number-${i}`, 'r.example.com')),
    ...times(size, i => pod(`p${i}`, 'nginx', `secret-nmber-${i}`)),
  ]),
  'Pods with the same near name': objects(size => [
    ...times(size, i => secret(`secret-number-${i}`, 'r.example.com')),
    ...times(size, i => pod(`p${i}`, 'nginx', 'secret-nmber')),
  ]),
  'Pods without a reference': objects(size => [
    ...times(size, i => secret(`s${i}`, `r${i}.example.com`)),
    ...times(size, i => pod(`p${i}`, `q${i}.example.com/a`)),
  ]),
  'Pods that match found': objects(size => [
    ...times(size, i => secret(`s${i}`, `r.example.com/a${i}`)),
    ...times(size, i => pod(`p${i}`, `r.example.com/a${i}`)),
  ]),
  'Secrets for the same host': objects(size => [
    ...times(size, i => secret(`s${i}`, 'r.example.com')),
    ...times(size, i => pod(`p${i}`, `r.example.com/a${i}`)),
  ]),
  'globs of hosts': objects(size => [
    ...times(size, i => secret(`s${i}`, `*${i}.example.com`)),
    ...times(size, i => pod(`p${i}`, `r.example.com/a${i}`)),
  ]),
  'keys that match nothing': objects(size => [secret('s', ...times(size, i => `r${i}.example.com:x`))]),
  'one Secret again and again': objects(size => times(size, i => secret('s', `r${i}.example.com`))),
  'Namespaces of a Pod each': objects(size =>
    times(size, i => ({ ...pod('p', 'r.example.com/a'), metadata: { name: 'p', namespace: `n${i}` } })),
  ),
  'a Pod of many images': {
    size: OBJECTS,
    make: size => {
      const containers = times(size, i => ({ name: `c${i}`, image: `r${i}.example.com/a` }))
      const spec = { containers, imagePullSecrets: [{ name: 's' }] }
      const objects = [{ ...pod('p', 'a'), spec }, secret('s', 'other.example.com')]
      return objects.map(object => JSON.stringify(object)).join('\n')
    },
  },
}
