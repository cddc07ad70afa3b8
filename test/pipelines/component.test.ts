import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { HOSTILE, Place, RECORDER, REGCRED, readDocuments } from './pipeline.ts'

interface Spec {
  readonly spec: {
    readonly inputs: Readonly<Record<string, { readonly default: string; readonly options?: string[] }>>
  }
}

interface Job {
  readonly stage: string
  readonly image: string
  readonly variables: Readonly<Record<string, { readonly value: string; readonly expand: boolean }>>
  readonly script: readonly string[]
  readonly artifacts: { readonly when: string; readonly reports: Readonly<Record<string, string>> }
}

const [{ spec }, template] = readDocuments('templates/regcred-check.yml') as [Spec, Readonly<Record<string, Job>>]
const DEFAULTS = Object.fromEntries(Object.entries(spec.inputs).map(([name, input]) => [name, input.default]))
/** Runs the sources in place of the package, and writes down which package it was asked for. */
const NPX = `#!/bin/sh
echo "$1 $2" > "$HOME/asked"
shift 2
${REGCRED.slice(REGCRED.indexOf('exec'))}`

/** The job with these inputs in it, as GitLab puts them into the values of a document that it has read. */
function jobOf(inputs: Readonly<Record<string, string>> = {}): { readonly name: string; readonly job: Job } {
  const values: Readonly<Record<string, string>> = { ...DEFAULTS, ...inputs }
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, key) => values[key] ?? '')
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [fill(key), fill(inner)]))
  }
  const [[name, job] = ['', undefined]] = Object.entries(fill(template) as Readonly<Record<string, Job>>)
  if (job === undefined) throw new Error('it has no job')
  return { name, job }
}

function run(place: Place, job: Job) {
  const variables = Object.entries(job.variables).map(([name, { value }]) => [name, value])
  return place.run(['sh', '-e', '-c'], job.script.join('\n'), Object.fromEntries(variables))
}

t.test('it checks, and writes the reports that GitLab shows', async t => {
  const place = new Place({ npx: NPX })
  const { name, job } = jobOf()
  t.equal(name, 'regcred-check')
  const wrong = run(place, job)
  t.equal(wrong.status, 1, wrong.stderr)
  t.match(wrong.stdout, 'SecretNotFound')
  t.equal(readFileSync(join(place.folder, 'asked'), 'utf8'), `--yes regcred@${DEFAULTS['version']}\n`)
  const { codequality = '', junit = '' } = job.artifacts.reports
  t.match(JSON.parse(readFileSync(join(place.work, codequality), 'utf8')), [{ check_name: 'SecretNotFound' }])
  t.match(readFileSync(join(place.work, junit), 'utf8'), '<testsuites')
  t.equal(job.artifacts.when, 'always', 'also where it fails')
  t.equal(run(place, jobOf({ 'fail-on': 'error' }).job).status, 0, 'it is a warning')
  const right = run(place, jobOf({ paths: 'k8s/right.yaml\nk8s/secret.yaml' }).job)
  t.match(right, { status: 0, stderr: '' })
  t.match(run(place, jobOf({ paths: '-h' }).job), { status: 2, stderr: /-h/ }, 'a file of that name')
})

t.test('inputs are in the script as variables that nothing expands', async t => {
  const { job } = jobOf(Object.fromEntries(Object.keys(DEFAULTS).map(name => [name, 'HOSTILE'])))
  t.notMatch(job.script.join('\n'), 'HOSTILE')
  for (const [name, { value, expand }] of Object.entries(job.variables)) {
    t.strictSame({ value, expand }, { value: 'HOSTILE', expand: false }, name)
  }
  t.strictSame(spec.inputs['fail-on']?.options, ['error', 'warning', 'note'])
})

t.test('no input is a command', async t => {
  const place = new Place({ npx: RECORDER })
  const harmed: string[] = []
  for (const hostile of HOSTILE) {
    const inputs = { paths: `${hostile}\n\na b`, config: hostile, 'fail-on': hostile, version: hostile }
    const { status } = run(place, jobOf(inputs).job)
    const outputs = ['--output=text', '--output=gitlab=gl-code-quality-report.json', '--output=junit=regcred.xml']
    const given = ['--yes', `regcred@${hostile}`, 'check', `--fail-on=${hostile}`, ...outputs, `--config=${hostile}`]
    const wanted = [...given, '--', hostile, 'a b', ''].join('\n')
    if (status !== 0 || readFileSync(join(place.folder, 'given'), 'utf8') !== wanted) harmed.push(hostile)
  }
  t.strictSame(harmed, [])
  t.strictSame(readdirSync(place.work), ['k8s'])
})
