import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '..')

/**
 * What each part may import, besides itself: the arrows of docs/design.md. A folder stands for all below it, and a file
 * at the top of `src` for itself.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'remember.ts': [],
  registry: ['remember.ts'],
  policy: ['registry', 'config', 'remember.ts'],
  config: ['policy', 'registry', 'follow-files.ts'],
  decision: ['policy', 'config'],
  review: ['registry', 'policy', 'config', 'decision'],
  cluster: ['registry', 'policy', 'review'],
  'admit.ts': ['cluster', 'decision', 'policy', 'review'],
  'check.ts': ['cluster', 'policy', 'registry', 'review'],
  http: ['admit.ts', 'cluster', 'remember.ts', 'review'],
  telemetry: ['admit.ts', 'cluster', 'policy'],
  report: ['check.ts', 'decision', 'policy'],
  'follow-files.ts': [],
  // Self-managed certificates are kept in objects of the cluster.
  tls: ['cluster', 'follow-files.ts'],
  'app.ts': ['cluster', 'config', 'http', 'policy', 'telemetry', 'tls'],
  'version.ts': [],
  commands: [
    ...['app.ts', 'check.ts', 'cluster', 'config', 'follow-files.ts'],
    ...['policy', 'report', 'review', 'telemetry', 'tls', 'version.ts'],
  ],
  'cli.ts': ['cluster', 'commands', 'version.ts'],
}

/** Which part alone may know a package: where it is replaced one day, the rest does not notice. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  fastify: ['http', 'telemetry', 'app.ts'],
  '@kubernetes/client-node': ['cluster'],
  undici: ['cluster', 'commands'],
  tinypool: ['http'],
  pino: ['telemetry'],
  'prom-client': ['telemetry'],
  '@peculiar/x509': ['tls'],
  'reflect-metadata': ['tls'],
  commander: ['commands', 'cli.ts'],
  'close-with-grace': ['commands'],
  diff: ['commands'],
  'fast-json-patch': ['decision', 'commands'],
  typebox: ['review', 'config'],
  yaml: ['cluster', 'config', 'commands'],
  leven: ['cluster', 'config', 'policy'],
}

/** These are functions of what they are given: no I/O, no clock, no chance, no log. */
const PURE = ['registry', 'policy', 'decision', 'review']
const PURE_MODULES = ['node:buffer', 'node:util']
const IMPURE =
  /\b(Date\.now|new Date\(\)|performance|process|console|setTimeout|setInterval|fetch|Math\.random|crypto)\b/

const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|types?|shared|lib|index)(\.ts)?$/
const LONGEST_FILE = 200
/** Files that are one thing all the same, and why. */
const LONGER: Readonly<Record<string, string>> = {}

interface Import {
  readonly from: string
  /** A file of ours by its path in the tree, or a package or a module of Node's by its name. */
  readonly to: string
  readonly typeOnly: boolean
}

const files = globSync('src/**/*.ts', { cwd: ROOT }).sort()
const imports = files.flatMap(importsOf)

function importsOf(file: string): Import[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const statements = source.matchAll(/^(?:import|export)\s+(type\s)?([^'"]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm)
  return [...statements].map(([, type, names = '', plain, lazy]) => {
    const to = plain ?? lazy ?? ''
    return {
      from: file,
      to: to.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), to)) : packageOf(to),
      typeOnly: type !== undefined || /^\{(\s*type [^,]+,?)+\s*\}\s/.test(names),
    }
  })
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The folder of `src` that a file is in, or the file itself. */
function partOf(file: string): string {
  return relative('src', file).split('/')[0] ?? ''
}

const isOurs = ({ to }: Import) => to.startsWith('src/')
const show = ({ from, to }: Import) => `${from} → ${to}`

t.test('every import follows an arrow', async t => {
  t.strictSame([...new Set(files.map(partOf))].sort(), Object.keys(ARROWS).sort(), 'every part has its arrows')
  const against = imports
    .filter(isOurs)
    .filter(({ from, to }) => partOf(from) !== partOf(to) && !ARROWS[partOf(from)]?.includes(partOf(to)))
  t.strictSame(against.map(show), [])
})

t.test('every arrow is needed', async t => {
  const idle = Object.entries(ARROWS).flatMap(([part, allowed]) =>
    allowed
      .filter(
        other =>
          !imports.some(
            ({ from, to }) => partOf(from) === part && isOurs({ from, to, typeOnly: false }) && partOf(to) === other,
          ),
      )
      .map(other => `${part} → ${other}`),
  )
  t.strictSame(idle, [])
})

t.test('what runs goes one way: without types there is no circle, of parts or of files', async t => {
  const running = imports.filter(isOurs).filter(({ typeOnly }) => !typeOnly)
  t.strictSame(findCircle(running.map(({ from, to }) => [from, to])), [])
  const between = running.map(({ from, to }): [string, string] => [partOf(from), partOf(to)])
  t.strictSame(findCircle(between.filter(([from, to]) => from !== to)), [])
})

t.test('every package has its place', async t => {
  const packages = imports.filter(({ to }) => !to.startsWith('src/') && !to.startsWith('node:'))
  t.strictSame([...new Set(packages.map(({ to }) => to))].sort(), Object.keys(OWNERS).sort())
  t.strictSame(packages.filter(({ from, to }) => !OWNERS[to]?.includes(partOf(from))).map(show), [])
})

t.test('the core does no I/O, reads no clock, takes no chance and writes no log', async t => {
  const pure = files.filter(file => PURE.includes(partOf(file)))
  const modules = imports.filter(({ from, to }) => pure.includes(from) && to.startsWith('node:'))
  t.strictSame(modules.filter(({ to }) => !PURE_MODULES.includes(to)).map(show), [])
  const impure = pure.filter(file => IMPURE.test(withoutComments(file)))
  t.strictSame(impure, [])
})

t.test('a file is a noun or a verb, and fits into a head', async t => {
  const names = files.flatMap(file => file.split('/').slice(1))
  t.strictSame(
    names.filter(name => FORBIDDEN_NAMES.test(name)),
    [],
  )
  const odd = files.filter(file => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(file)))
  t.strictSame(odd, [])
  const long = files.filter(file => readFileSync(join(ROOT, file), 'utf8').split('\n').length > LONGEST_FILE)
  t.strictSame(long, Object.keys(LONGER))
})

t.test('every file is loaded, so that what no test runs shows in the coverage', async t => {
  for (const file of files.filter(file => file !== 'src/cli.ts')) {
    t.ok(await import(join(ROOT, file)), file)
  }
})

function withoutComments(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

/** The nodes of one circle, in its order; none if there is none. */
function findCircle(edges: readonly (readonly [string, string])[]): string[] {
  const next = Map.groupBy(edges, ([from]) => from)
  const done = new Set<string>()
  const walk = (node: string, path: readonly string[]): string[] => {
    const start = path.indexOf(node)
    if (start !== -1) return path.slice(start)
    if (done.has(node)) return []
    for (const [, to] of next.get(node) ?? []) {
      const circle = walk(to, [...path, node])
      if (circle.length > 0) return circle
    }
    done.add(node)
    return []
  }
  for (const node of next.keys()) {
    const circle = walk(node, [])
    if (circle.length > 0) return circle
  }
  return []
}
