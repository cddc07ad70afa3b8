import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { Place, RECORDER, REGCRED, readDocuments } from './pipeline.ts'

const ROOT = join(import.meta.dirname, '../..')
const examples = ['docs/ci.md', 'docs/install-cli.md'].flatMap(page =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => parse(text)),
)
const [action] = readDocuments('action.yaml') as [{ inputs: object }]
const [component] = readDocuments('templates/regcred-check.yml') as [{ spec: { inputs: object } }]
const [hooks] = readDocuments('.pre-commit-hooks.yaml') as [readonly { readonly id: string }[]]

interface Step {
  readonly uses?: string
  readonly with?: object
}

t.test('what the pages show gives the action, the component and the hooks what they take', async t => {
  const steps: readonly Step[] = examples.flatMap(({ jobs }) => jobs?.regcred.steps ?? [])
  const ours = steps.filter(({ uses }) => uses?.startsWith('regcred/regcred@v'))
  const includes: readonly { inputs: object }[] = examples.flatMap(({ include }) => include ?? [])
  const used: readonly { id: string }[] = examples.flatMap(({ repos }) => repos?.[0].hooks ?? [])
  t.strictSame([ours.length, includes.length, used.length], [1, 2, 1])
  const unknown = [
    ...ours.flatMap(step => Object.keys(step.with ?? {}).filter(name => !(name in action.inputs))),
    ...includes.flatMap(({ inputs }) => Object.keys(inputs).filter(name => !(name in component.spec.inputs))),
    ...used.map(({ id }) => id).filter(id => !hooks.some(hook => hook.id === id)),
  ]
  t.strictSame(unknown, [])
  const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8')
  for (const name of Object.keys(action.inputs)) t.match(page, `| \`${name}\` |`)
  for (const { id } of hooks) t.match(page, `| \`${id}\` |`)
})

t.test('k9s runs regcred why for the Pod under the cursor', async t => {
  const plugin = examples.map(({ plugins }) => plugins?.['regcred-why']).find(Boolean)
  t.match(plugin, { shortCut: 'Shift-R', scopes: ['pods'], background: false, command: 'sh' })
  const values: Readonly<Record<string, string>> = { NAME: 'web-1', NAMESPACE: 'shop', CONTEXT: 'prod' }
  const [flag, script] = plugin.args.map((arg: string) => arg.replace(/\$([A-Z]+)/g, (_, name) => values[name] ?? ''))
  const place = new Place({ regcred: RECORDER, less: '#!/bin/sh\ncat\n' })
  t.equal(place.run([plugin.command, flag], script, {}).status, 0)
  const given = readFileSync(join(place.folder, 'given'), 'utf8').trim().split('\n')
  t.strictSame(given, ['why', 'web-1', '--namespace', 'shop', '--context', 'prod'])
})

t.test('what the page says about the single file works as it is typed', async t => {
  const page = readFileSync(join(ROOT, 'docs/install-cli.md'), 'utf8')
  const [, script = ''] = /^```sh\n(VERSION=.*?)^```/ms.exec(page) ?? []
  const [, version] = /^VERSION=(.*)$/m.exec(script) ?? []
  const curl = '#!/bin/sh\nfor url; do case $url in https://*) cp "$HOME/mirror/$(basename "$url")" . ;; esac; done\n'
  const place = new Place({ curl })
  place.program('mirror/regcred', REGCRED)
  const archive = `regcred_${version}_linux_amd64.tar.gz`
  const sums = `regcred_${version}_checksums.txt`
  const pack = `cd "$HOME/mirror" && tar -czf ${archive} regcred && echo other > other.zip && sha256sum ${archive} other.zip > ${sums}`
  t.equal(place.run(['sh', '-c'], pack, {}).status, 0)
  const { status, stdout, stderr } = place.run(['sh', '-ec'], script, {})
  t.equal(status, 0, stderr)
  t.equal(stdout, `${archive}: OK\n${version}\n`)
  place.program(`mirror/${archive}`, 'another')
  t.equal(place.run(['sh', '-ec'], script, {}).status, 1, 'what is another is not unpacked')
})

t.test('the page has the lines that regcred completion --help has', async t => {
  const page = readFileSync(join(ROOT, 'docs/install-cli.md'), 'utf8')
  const source = readFileSync(join(ROOT, 'src/commands/completion/completion.ts'), 'utf8')
  const shown = source.match(/^ {2}(?:bash|zsh|fish|powershell) .*?(?=`?$)/gm) ?? []
  t.equal(shown.length, 4)
  for (const line of shown) t.match(page, line.trim())
})
