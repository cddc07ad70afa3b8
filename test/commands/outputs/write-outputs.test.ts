import { existsSync, linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { checkCommand } from '../../../src/commands/check.ts'
import { collectOutput, OUTPUT_FORMATS } from '../../../src/commands/option-parsers.ts'
import { writeOutputs } from '../../../src/commands/outputs/write-outputs.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'
import { checked, POD } from '../../report/checked.ts'
import { many } from '../../report/formats/hostile.ts'
import { run as spawn } from '../spawn.ts'

const BAD =
  '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "a", "image": "UPPER"}]}}'
const COUNTS = '1 object checked: 1 error, 0 warnings, 0 notes\n'

/** Runs the command over a Pod with an error. */
async function run(t: Pick<Test, 'teardown'>, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = BAD) {
  const streams = { stdin: Readable.from([input]), stdout: new PassThrough(), stderr: new PassThrough(), env }
  const before = process.exitCode
  t.teardown(() => {
    process.exitCode = before
  })
  const faults: string[] = []
  try {
    await checkCommand(streams).parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    faults.push(...error.faults)
  }
  const status = process.exitCode
  process.exitCode = before
  streams.stdout.end()
  streams.stderr.end()
  return { status, faults, out: await text(streams.stdout), err: await text(streams.stderr) }
}

t.test('one run writes several outputs, and each is what it is alone', async t => {
  const folder = t.testdir({})
  const file = (name: string) => join(folder, name)
  const formats = ['json', 'sarif', 'github', 'junit', 'gitlab', 'markdown']
  const { out, status } = await run(t, ['-o', 'text', ...formats.flatMap(name => ['-o', `${name}=${file(name)}`])])
  t.equal(status, 1)
  t.ok(out.endsWith(COUNTS), out)
  for (const format of formats) {
    const alone = await run(t, ['-o', format])
    t.equal(alone.status, 1)
    t.equal(readFileSync(file(format), 'utf8'), alone.out, format)
  }
  t.strictSame(readdirSync(folder).sort(), formats.toSorted(), 'and nothing else')
  t.equal((await run(t, ['-o', `text=${file('text')}`])).out, '')
  t.ok(readFileSync(file('text'), 'utf8').endsWith(COUNTS))
})

t.test('no output is written over a file that is checked, by whatever path', async t => {
  const folder = t.testdir({ 'in.json': BAD, 'old.json': '{"summary": {}}' })
  const input = join(folder, 'in.json')
  symlinkSync(input, join(folder, 'link'))
  linkSync(input, join(folder, 'hard'))
  for (const name of ['in.json', `../${basename(folder)}/in.json`, 'link', 'hard']) {
    const path = join(folder, name)
    const { faults, out } = await run(t, [input, '-o', 'text', '-o', `json=${path}`])
    t.strictSame(faults, [`${path} is being checked; write the output to another file`])
    t.equal(out, '')
    t.equal(readFileSync(input, 'utf8'), BAD)
  }
  const { faults } = await run(t, [folder, '-o', `json=${join(folder, 'old.json')}`])
  t.strictSame(faults, [], 'a report of an earlier run may lie among the manifests')
  t.match(readFileSync(join(folder, 'old.json'), 'utf8'), /"objects"/)
})

t.test('no output is written over what the check goes by', async t => {
  const cluster = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'
  const folder = t.testdir({ baseline: '', config: cluster, secrets: BAD })
  const at = (name: string) => join(folder, name)
  for (const [flag, name] of [
    ['--baseline', 'baseline'],
    ['--config', 'config'],
    ['--known-secrets', 'secrets'],
  ] as const) {
    const before = readFileSync(at(name), 'utf8')
    const { faults } = await run(t, [flag, at(name), '-o', `json=${at(name)}`])
    t.strictSame(faults, [`${at(name)} is read by this check; write the output to another file`])
    t.equal(readFileSync(at(name), 'utf8'), before)
  }
})

t.test('an output that cannot be written is told, and keeps nothing from the others', async t => {
  const folder = t.testdir({})
  const { out, faults } = await run(t, [
    ...['-o', `sarif=${join(folder, 'none/a.sarif')}`, '-o', `junit=${folder}`],
    ...['-o', 'text', '-o', `json=${join(folder, 'a.json')}`],
  ])
  t.strictSame(faults, [
    `cannot write ${join(folder, 'none/a.sarif')}: no such file or directory`,
    `cannot write ${folder}: illegal operation on a directory`,
  ])
  t.ok(out.endsWith(COUNTS))
  t.ok(existsSync(join(folder, 'a.json')))
})

t.test('the process: exit status 2 where an output has no place, or the place of another', async t => {
  const folder = t.testdir({ 'a.json': BAD })
  const cases = [
    ['-o', `sarif=${join(folder, 'none/a')}`],
    ['-o', 'text', '-o', 'json'],
    ['-o', `sarif=${folder}/a`, '-o', `junit=${folder}/./a`],
  ]
  for (const flags of cases) {
    const { status, err } = await spawn('check', join(folder, 'a.json'), ...flags)
    t.equal(status, 2, flags.join(' '))
    t.match(err, /^regcred: .*(?:cannot write|Only one output|Another output)/m)
  }
})

t.test('in GitHub Actions it writes for GitHub, unless somebody says what, and adds to the summary', async t => {
  const summary = join(t.testdir({ summary: '# Before\n' }), 'summary')
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
  t.match((await run(t, [], env)).out, /^::error .*title=ImageInvalid::/)
  t.match(readFileSync(summary, 'utf8'), /^# Before\n\n\n<!-- regcred -->\n[\s\S]*\| error \| `stdin` \|/)
  writeFileSync(summary, '')
  t.match((await run(t, ['-o', 'text'], env)).out, /^Pod a in namespace default/)
  t.equal(readFileSync(summary, 'utf8'), '', 'only what is for GitHub has a summary')
  t.match((await run(t, [], { GITHUB_ACTIONS: 'true' })).out, /^::error /)
  t.match((await run(t, [], { GITHUB_ACTIONS: 'false' })).out, /^Pod a/)
  writeFileSync(summary, 'x'.repeat(1024 * 1024))
  await run(t, [], env)
  t.match(readFileSync(summary, 'utf8'), /^x+\n\n$/, 'there is no room')
  const nowhere = join(summary, 'none')
  const { faults } = await run(t, [], { ...env, GITHUB_STEP_SUMMARY: nowhere })
  t.strictSame(faults, [`cannot write the summary ${nowhere}: not a directory`])
})

t.test(
  'where there is nothing to check, text says nothing, and a format for programs that there is nothing',
  async t => {
    t.strictSame(await run(t, ['-o', 'text'], {}, ''), {
      status: 2,
      faults: [],
      out: '',
      err: 'regcred: nothing to check: standard input is empty. Did the command before it fail?\n',
    })
    t.equal((await run(t, ['-o', 'gitlab'], {}, '')).out, '[]\n')
  },
)

t.test('what SARIF has no room for is said', async t => {
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() }
  const outputs = [{ format: 'sarif' }] as const
  const asked = { assumeInjection: false, failOn: 'note', verbose: false } as const
  t.strictSame(await writeOutputs(many(25_001), outputs, asked, streams), [])
  t.equal(String(streams.stderr.read()), 'regcred: 1 result left out of SARIF: more than GitHub takes\n')
  t.strictSame(await writeOutputs(checked(POD), outputs, asked, streams), [])
  t.equal(streams.stderr.read(), null)
})

t.test('the examples of docs/ci.md have outputs that there are, and are YAML', async t => {
  const page = readFileSync(new URL('../../../docs/ci.md', import.meta.url), 'utf8')
  const outputs = [...page.matchAll(/ -o ([a-z][^\s`']*)/g)].map(([, output = '']) => output)
  t.ok(outputs.length > 10)
  for (const output of outputs) t.equal(collectOutput(OUTPUT_FORMATS, output).length, 1, output)
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example = '']) => example)
  t.equal(examples.length, 11)
  for (const example of examples) t.type(parse(example), 'object')
})
