import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { jsonSchema } from '../../src/config/schema.ts'
import { LOG_LEVELS } from '../../src/telemetry/log-level.ts'

const CHART = join(import.meta.dirname, '../../charts/regcred')
const values: unknown = parse(read('values.yaml'))
const schema = JSON.parse(read('values.schema.json')) as Schema

/** What is looked at of a JSON Schema. */
interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
}

function read(file: string): string {
  return readFileSync(join(CHART, file), 'utf8')
}

/** The paths of what the schema lists, and of what it lets be. */
function pathsOf(schema: Schema, path: string): string[] {
  if (schema.properties === undefined) return [path]
  return Object.entries(schema.properties).flatMap(([key, below]) => pathsOf(below, `${path}.${key}`))
}

/** The paths of the values as deep as the schema goes. */
function valuePathsOf(value: unknown, schema: Schema | undefined, path: string): string[] {
  if (schema?.properties === undefined || typeof value !== 'object' || value === null) return [path]
  const entries = Object.entries(value)
  // An empty mapping stands for all that may be in it.
  if (entries.length === 0) return pathsOf(schema, path)
  return entries.flatMap(([key, below]) => valuePathsOf(below, schema.properties?.[key], `${path}.${key}`))
}

t.test('the schema lists every value, and no other', async t => {
  // Kubernetes' own types, of which the defaults need not name all fields; and what the condition of a parent chart reads, which is no
  // value of the chart.
  const partial = /^\.(resources|enabled$)/
  const listed = (paths: string[]) => paths.filter(path => !partial.test(path)).sort()
  t.strictSame(listed(pathsOf(schema, '')), listed(valuePathsOf(values, schema, '')))
})

t.test('the schema is strict: an object either lists what it may hold or says of what type it is', async t => {
  // Types of Kubernetes that the API server checks.
  const free = new Set(['.global', '.podSecurityContext', '.securityContext'])
  const walk = (schema: Schema, path: string): string[] => {
    const below = Object.entries(schema.properties ?? {}).flatMap(([key, below]) => walk(below, `${path}.${key}`))
    const isOpen = schema.type === 'object' && (schema.additionalProperties ?? true) === true
    return isOpen && !free.has(path) && !path.startsWith('.affinity.') ? [path, ...below] : below
  }
  t.strictSame(walk(schema, ''), [])
})

t.test('the levels of the log are those of the product', async t => {
  t.strictSame(Reflect.get(schema.properties?.['logLevel'] ?? {}, 'enum'), LOG_LEVELS)
})

t.test('config is what the product takes', async t => {
  const { properties, ...product } = JSON.parse(JSON.stringify(jsonSchema()))
  const { apiVersion, kind, ...fields } = properties
  t.ok(apiVersion && kind)
  const { type, description, additionalProperties } = product
  const config = { type, properties: fields, description, additionalProperties }
  if (process.env['UPDATE']) {
    const written = { ...schema, properties: { ...schema.properties, config } }
    writeFileSync(join(CHART, 'values.schema.json'), JSON.stringify(written, undefined, 2))
  }
  t.strictSame(JSON.parse(read('values.schema.json')).properties.config, config, 'UPDATE=1 and npm run format write it')
})

t.test("the README's table is made from the values' comments", async t => {
  const generator = createRequire(import.meta.url).resolve('@bitnami/readme-generator-for-helm/bin/index.js')
  const folder = t.testdir()
  const readme = join(folder, 'README.md')
  copyFileSync(join(CHART, 'README.md'), readme)
  execFileSync(process.execPath, [generator, '--values', join(CHART, 'values.yaml'), '--readme', readme])
  t.equal(readFileSync(readme, 'utf8'), read('README.md'), 'as npm run chart:readme writes it')
})

t.test('the README names every example', async t => {
  const examples = globSync('examples/*.yaml', { cwd: CHART }).sort()
  const named = [...read('README.md').matchAll(/\]\((examples\/[^)]+\.yaml)\)/g)].map(([, file]) => file).sort()
  t.strictSame(named, examples)
})

t.test('the chart is of the version of the product', async t => {
  const { version } = JSON.parse(readFileSync(join(CHART, '../../package.json'), 'utf8'))
  t.equal(parse(read('Chart.yaml')).appVersion, version)
  t.match(read('Chart.yaml'), `image: ghcr.io/regcred/regcred:${version}\n`)
})
