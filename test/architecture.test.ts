import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import t from 'tap'
import { ARROWS, drawArrows } from './arrows.ts'

const ROOT = join(import.meta.dirname, '..')

/** Which part alone may know a package: where it is replaced one day, the rest does not notice. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  fastify: ['http', 'telemetry', 'app.ts'],
  '@kubernetes/client-node': ['kube'],
  undici: ['kube', 'commands'],
  tinypool: ['http'],
  'js-yaml': ['kube', 'manifests'],
  'smol-toml': ['node-files'],
  pino: ['telemetry'],
  'prom-client': ['telemetry'],
  '@peculiar/x509': ['tls'],
  'reflect-metadata': ['tls'],
  commander: ['commands', 'program.ts'],
  'close-with-grace': ['commands'],
  diff: ['commands'],
  'fast-json-patch': ['decision', 'commands'],
  minimatch: ['checking'],
  typebox: ['review', 'config', 'page', 'snapshot', 'checking'],
  eta: ['page'],
  yaml: ['manifests', 'config', 'commands'],
  leven: ['runtime'],
  'lru-cache': ['cluster'],
}

/** These are functions of what they are given: no I/O, no clock, no chance, no log. */
const PURE = ['advice', 'kubelet', 'policy', 'decision', 'review']
/** The modules of Node's that these may import. */
const PURE_MODULES: Readonly<Record<string, readonly string[]>> = { review: ['node:util'] }
const IMPURE =
  /\b(Date\.now|new Date\(\)|performance|process|console|setTimeout|setInterval|fetch|Math\.random|crypto)\b/

/** These run anywhere, with all that they import: in a browser, in Deno, in Node. See test/anywhere for the proof. */
const ANYWHERE = ['advice', 'kubelet', 'policy']
/** Plain JavaScript. */
const ANYWHERE_PACKAGES = ['leven']
const NODE_ONLY =
  /\b(Buffer|process|global|setImmediate|clearImmediate|require|module|exports|__dirname|__filename|NodeJS)\b|\bimport\.meta\b/

const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|types?|shared|lib|index)(\.ts)?$/
const MAX_FILE_LINES = 200
const MAX_FILES_IN_FOLDER = 20
/** Of all lines of `src`. */
const MAX_ROOM_SHARE = 0.15

interface Import {
  readonly from: string
  /** A file of ours by its path in the tree, or a package or a module of Node's by its name. */
  readonly to: string
}

const files = globSync('src/**/*.ts', { cwd: ROOT }).sort()
const imports = files.flatMap(importsOf)

function importsOf(file: string): Import[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const statements = source.matchAll(/^(?:import|export)\s+(?:[^'"]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm)
  return [...statements].map(([, plain, lazy]) => {
    const to = plain ?? lazy ?? ''
    return { from: file, to: to.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), to)) : packageOf(to) }
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
        other => !imports.some(({ from, to }) => partOf(from) === part && isOurs({ from, to }) && partOf(to) === other),
      )
      .map(other => `${part} → ${other}`),
  )
  t.strictSame(idle, [])
})

t.test('imports go one way: there is no circle, of rooms or of files, not even of types', async t => {
  const edges = imports.filter(isOurs)
  t.strictSame(findCircle(edges.map(({ from, to }) => [from, to])), [])
  const between = edges.map(({ from, to }): [string, string] => [partOf(from), partOf(to)])
  t.strictSame(findCircle(between.filter(([from, to]) => from !== to)), [])
})

t.test('a table with a circle is found out', async t => {
  t.strictSame(
    findCircle([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
    ]),
    ['b', 'c'],
  )
})

t.test('the picture in docs/design.md is that of the arrows', async t => {
  const file = join(ROOT, 'docs/design.md')
  const page = readFileSync(file, 'utf8')
  const drawn = page.replace(/```mermaid[\s\S]*?```/, () => drawArrows())
  if (process.env['UPDATE'] === '1') writeFileSync(file, drawn)
  t.ok(page.includes('```mermaid'))
  t.equal(page, drawn, 'UPDATE=1 draws it anew')
})

t.test('no room is too large, and no folder too full', async t => {
  const linesOf = (file: string) => readFileSync(join(ROOT, file), 'utf8').split('\n').length
  const all = files.reduce((sum, file) => sum + linesOf(file), 0)
  const large = [...Map.groupBy(files, partOf)].flatMap(([room, inRoom]) => {
    const share = inRoom.reduce((sum, file) => sum + linesOf(file), 0) / all
    return share < MAX_ROOM_SHARE ? [] : [`${room}: ${(share * 100).toFixed(1)} %`]
  })
  t.strictSame(large, [])
  const full = [...Map.groupBy(files, file => dirname(file))].filter(
    ([, inside]) => inside.length > MAX_FILES_IN_FOLDER,
  )
  t.strictSame(
    full.map(([folder]) => folder),
    [],
  )
  t.strictSame(
    files.filter(file => linesOf(file) > MAX_FILE_LINES),
    [],
  )
})

t.test('every package has its place', async t => {
  const packages = imports.filter(({ to }) => !to.startsWith('src/') && !to.startsWith('node:'))
  t.strictSame([...new Set(packages.map(({ to }) => to))].sort(), Object.keys(OWNERS).sort())
  t.strictSame(packages.filter(({ from, to }) => !OWNERS[to]?.includes(partOf(from))).map(show), [])
})

t.test('the core does no I/O, reads no clock, takes no chance and writes no log', async t => {
  const pure = files.filter(file => PURE.includes(partOf(file)))
  const modules = imports.filter(({ from, to }) => pure.includes(from) && to.startsWith('node:'))
  t.strictSame(modules.filter(({ from, to }) => !PURE_MODULES[partOf(from)]?.includes(to)).map(show), [])
  const impure = pure.filter(file => IMPURE.test(withoutComments(file)))
  t.strictSame(impure, [])
})

t.test('kubelet/ and policy/ run anywhere: nothing in their reach is of Node alone', async t => {
  const start = files.filter(file => ANYWHERE.includes(partOf(file)))
  const reached = reachFrom(start)
  t.ok(reached.length > start.length, 'what they import is looked at as well')
  const others = imports.filter(edge => reached.includes(edge.from) && !isOurs(edge))
  t.strictSame(others.filter(({ to }) => !ANYWHERE_PACKAGES.includes(to)).map(show), [])
  t.strictSame(
    reached.filter(file => NODE_ONLY.test(withoutComments(file))),
    [],
  )
})

t.test('a file is a noun or a verb, and fits into a head', async t => {
  const names = files.flatMap(file => file.split('/').slice(1))
  t.strictSame(
    names.filter(name => FORBIDDEN_NAMES.test(name)),
    [],
  )
  const odd = files.filter(file => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(file)))
  t.strictSame(odd, [])
})

t.test('every file is loaded, so that what no test runs shows in the coverage', async t => {
  const loaded = await Promise.all(files.filter(file => file !== 'src/cli.ts').map(file => import(join(ROOT, file))))
  t.equal(loaded.length, files.length - 1)
})

/** These files and all of ours that they import, and so on. */
function reachFrom(start: readonly string[]): string[] {
  const reached = new Set(start)
  for (const file of reached)
    for (const { from, to } of imports) if (from === file && to.startsWith('src/')) reached.add(to)
  return [...reached]
}

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
