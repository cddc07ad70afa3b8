import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '..')

/** A name of a limit says what it limits, and in which unit; without one it is a number of things. */
const LIMIT_NAME = /^(?:MAX|MIN)_[A-Z]|_(?:MS|SECONDS|BYTES|ITEMS|LENGTH)$/
/** Names that do not say it. */
const OLD_NAME = /^(?:MOST|LEAST|LONGEST|SHORTEST|LARGEST|DEEPEST|FURTHEST)(?:_|$)|^(?:PATIENCE|SLACK|SOON|STALE)$/
/** What a unit is called in milliseconds. */
const UNIT_NAME = /^(?:SECOND|MINUTE|HOUR|DAY)_MS$/
/** What a piece of work costs of a limit in steps. */
const COST_NAME = /^(?!MAX_|MIN_)[A-Z_]+_STEPS$/
/** Numbers that are not limits, with what they are. Characters and bytes are written in hexadecimal. */
const OTHER_NUMBERS: Readonly<Record<string, string>> = {
  CHECK_FACTOR: 'how many times the budget of a review',
  COULD_NOT: 'an exit status',
  FREED_PART: 'a part of a whole',
  HASH_LENGTH: 'of an identifier',
  NO_VERSION: 'a value that no version has',
  SAFETY: 'a part of a whole',
  TOKENS_PER_BLANK: 'a weight',
  TOKENS_PER_OBJECT: 'a weight',
  VERSION: 'of an output format',
  WAITING_WEIGHT: 'a weight',
}
/** Where a limit would stand as a bare number. */
const BARE_LIMITS = [
  /\b\w*(?:timeout|interval|delay|limit|length|max\w*|min\w*)['"]?\s*[:=] \d{2,}/i,
  /\.(?:length|size|byteLength) [<>]=? \d{2,}/,
  /\.slice\(0, -?\d{2,}/,
  /\b(?:Math\.(?:min|max)|cutVisible|sleep|setTimeout|setInterval)\((?:.*, )?\d[\d_]+[,)]/,
]

interface Limit {
  readonly name: string
  readonly value: number
  readonly file: string
}

const files = globSync('src/**/*.ts', { cwd: ROOT }).sort()
const sources = files.map(file => {
  const source = readFileSync(join(ROOT, file), 'utf8')
  return { file, source, code: withoutComments(source) }
})
const numbers = sources.flatMap(({ file, code }) => numbersOf(file, code))

/** The constants at the top of a file that are decimal numbers, or a product of such. */
function numbersOf(file: string, code: string): Limit[] {
  const values = new Map<string, number>()
  for (const [, name = '', value = ''] of code.matchAll(/^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: \w+)? = (.+)$/gm)) {
    const number = resultOf(value, values)
    if (number !== undefined) values.set(name, number)
  }
  return [...values].map(([name, value]) => ({ name, value, file }))
}

/** What an expression of decimal numbers and names with `*` and `/` comes to; undefined for any other. */
function resultOf(expression: string, names: ReadonlyMap<string, number>): number | undefined {
  const [first = '', ...rest] = expression.split(/ ([*/]) /)
  const read = (factor: string) =>
    /^-?\d[\d_.]*(?:e\d+)?n?$/.test(factor) ? Number(factor.replaceAll(/[_n]/g, '')) : (names.get(factor) ?? Number.NaN)
  let value = read(first)
  for (let i = 0; i < rest.length; i += 2) {
    const factor = read(rest[i + 1] ?? '')
    value = rest[i] === '*' ? value * factor : value / factor
  }
  return Number.isNaN(value) ? undefined : value
}

const BYTE_UNITS = [
  { size: 1024 ** 2, name: 'MiB' },
  { size: 1024, name: 'KiB' },
]
const TIME_UNITS = [
  { size: 2 * 86_400_000, name: 'days', each: 86_400_000 },
  { size: 3_600_000, name: 'h' },
  { size: 60_000, name: 'min' },
  { size: 1000, name: 's' },
  { size: 1, name: 'ms' },
]

/** A value as people write it: in the largest unit of which it is a whole number. */
function inWords({ name, value }: Limit): string {
  if (name.endsWith('_BYTES')) return inUnits(value, BYTE_UNITS)
  if (name.endsWith('_PER_SECOND')) return amount(value)
  if (name.endsWith('_MS')) return inUnits(value, TIME_UNITS)
  if (name.endsWith('_SECONDS')) return inUnits(value * 1000, TIME_UNITS)
  return name.endsWith('_LENGTH') ? `${amount(value)} characters` : amount(value)
}

function inUnits(value: number, units: readonly { size: number; name: string; each?: number }[]): string {
  const unit = units.find(({ size, each = size }) => value >= size && value % each === 0)
  return unit === undefined ? amount(value) : `${amount(value / (unit.each ?? unit.size))} ${unit.name}`
}

function amount(value: number): string {
  return value.toLocaleString('en')
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

const isLimit = ({ name }: Limit) =>
  !Object.hasOwn(OTHER_NUMBERS, name) && !UNIT_NAME.test(name) && !COST_NAME.test(name)

t.test('docs/reliability.md has every limit in its table, with its value, and no other', async t => {
  const [, section = ''] = readFileSync(join(ROOT, 'docs/reliability.md'), 'utf8').split('\n## Limits\n')
  const [table = ''] = section.split('\n## ')
  const rows = table.split('\n').filter(line => line.startsWith('| `'))
  const listed = rows.map(row => {
    const [name, value, , , file] = row.replaceAll('`', '').slice('| '.length, -' |'.length).split(' | ')
    return `${file} ${name} ${value}`
  })
  const limits = numbers.filter(isLimit).map(limit => `${limit.file} ${limit.name} ${inWords(limit)}`)
  t.ok(limits.length > 50, 'they are found')
  t.strictSame(listed.toSorted(), limits.toSorted())
})

t.test('a name says what is limited, and in which unit, and a comment what for', async t => {
  const unclear = numbers.filter(isLimit).filter(({ name }) => !LIMIT_NAME.test(name))
  t.strictSame(unclear, [])
  const idle = Object.keys(OTHER_NUMBERS).filter(name => numbers.every(number => number.name !== name))
  t.strictSame(idle, [])
  const silent = numbers.filter(isLimit).filter(({ file, name }) => {
    const { source = '' } = sources.find(other => other.file === file) ?? {}
    return !new RegExp(`\\*/\n(?:export )?const ${name}\\b`).test(source)
  })
  t.strictSame(silent, [])
  const old = sources.flatMap(({ file, code }) =>
    [...code.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)].flatMap(([word]) => (OLD_NAME.test(word) ? [`${file} ${word}`] : [])),
  )
  t.strictSame(old, [])
})

t.test('nothing is limited by a number without a name', async t => {
  const bare = sources.flatMap(({ file, code }) =>
    code
      .split('\n')
      .filter(line => !/^(?:export )?const [A-Z]/.test(line) && BARE_LIMITS.some(limit => limit.test(line)))
      .map(line => `${file}: ${line.trim()}`),
  )
  t.strictSame(bare, [])
})

t.test('numbers are read as JavaScript reads them, and written as people do', async t => {
  const code = [
    'const A_BYTES = 7 * 1024 * 1024',
    'const HALF_BYTES = A_BYTES / 2',
    'const CODE = 0x22',
    "const B = 'b'",
  ]
  const [whole, half, ...others] = numbersOf('a.ts', code.join('\n'))
  t.strictSame([whole, half, others].flat(), [
    { name: 'A_BYTES', value: 7_340_032, file: 'a.ts' },
    { name: 'HALF_BYTES', value: 3_670_016, file: 'a.ts' },
  ])
  const words = [
    { name: 'MAX_A_BYTES', value: 7_340_032, words: '7 MiB' },
    { name: 'MAX_A_BYTES', value: 3_670_016, words: '3,584 KiB' },
    { name: 'MAX_A_BYTES', value: 100, words: '100' },
    { name: 'A_MS', value: 150_000, words: '150 s' },
    { name: 'A_MS', value: 86_400_000, words: '24 h' },
    { name: 'A_MS', value: 7_776_000_000, words: '90 days' },
    { name: 'A_SECONDS', value: 180, words: '3 min' },
    { name: 'MAX_A_PER_SECOND', value: 100, words: '100' },
    { name: 'MAX_A_LENGTH', value: 2000, words: '2,000 characters' },
    { name: 'MAX_A', value: 10_000, words: '10,000' },
  ]
  for (const { words: expected, ...limit } of words) t.equal(inWords({ ...limit, file: '' }), expected)
})
