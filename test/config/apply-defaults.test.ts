import t from 'tap'
import { parseConfiguration } from '../../src/config/parse.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { HEAD } from './refused.ts'

function settingsOf(text: string): Settings | undefined {
  const reading = parseConfiguration(text, 'regcred.yaml')
  return reading.ok ? reading.settings : undefined
}

t.test('what a file says takes the place of the default, lists whole, and the rest stays', async t => {
  const settings = settingsOf(`${HEAD}
mode: enforce
ignore: [LabelInvalid]
enforce: {controllers: true, unknown: refuse, missingSecrets: never, help: ask us}
controllers: {builtin: [robot, "group:robots"], trust: listed}
registries: {public: [example.org], default: private}
inject: {enabled: false, match: false, optOut: false, whenMissing: skip, secrets: [hub], rules: [{images: [ghcr.io], secrets: [a]}]}
templates: [{group: argoproj.io, kind: Rollout, path: /spec/template}]
producers: [{group: example.com, kind: Maker, path: /metadata/name}]
exemptions: {usernames: ["system:serviceaccount:flux-system:flux"]}
suggestions: none
`)
  t.strictSame(settings, {
    mode: 'enforce',
    ignore: ['LabelInvalid'],
    enforce: { controllers: true, unknown: 'refuse', missingSecrets: 'never', help: 'ask us' },
    controllers: { builtin: ['robot', 'group:robots'], trust: 'listed' },
    registries: { ...defaultSettings.registries, public: ['example.org'], default: 'private' },
    inject: {
      enabled: false,
      match: false,
      optOut: false,
      whenMissing: 'skip',
      secrets: ['hub'],
      rules: [{ images: ['ghcr.io'], secrets: ['a'] }],
    },
    templates: [{ group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }],
    producers: [{ group: 'example.com', kind: 'Maker', path: '/metadata/name' }],
    exemptions: {
      namespaces: ['kube-system', 'kube-node-lease'],
      usernames: ['system:serviceaccount:flux-system:flux'],
    },
    view: { secrets: 'contents' },
    suggestions: 'none',
  })
  t.ok(Object.isFrozen(settings?.inject.rules[0]?.images))
})

t.test('a bare off is off, also for whoever read it as false', async t => {
  t.equal(settingsOf(`${HEAD}mode: off\n`)?.mode, 'off')
  t.equal(settingsOf(`${HEAD}mode: false\n`)?.mode, 'off')
})

t.test('the list of another class gives up a default pattern that the file lists', async t => {
  const reading = parseConfiguration(
    `${HEAD}registries:\n  private: [GHCR.io]\n  node: ["*-docker.pkg.dev", registry.k8s.io]\n`,
    'f.yaml',
  )
  t.match(reading, { ok: true })
  if (!reading.ok) return
  const { registries } = reading.settings
  t.notOk(registries.mixed.includes('ghcr.io'))
  t.notOk(registries.mixed.includes('*-docker.pkg.dev'))
  t.ok(registries.mixed.includes('quay.io'))
  t.notOk(registries.public.includes('registry.k8s.io'))
  t.ok(registries.public.includes('public.ecr.aws'))
  t.equal(reading.provenance.get('registries.mixed'), 'default without ghcr.io, *-docker.pkg.dev')
  t.equal(reading.provenance.get('registries.private'), 'f.yaml:4')
})

t.test('a view of names alone turns matching off, whether the file says so or not', async t => {
  const implied = parseConfiguration(`${HEAD}view: {secrets: names}\n`, 'f.yaml')
  t.match(implied, { ok: true, settings: { inject: { match: false } } })
  t.equal(implied.ok && implied.provenance.get('inject.match'), 'f.yaml:3, view.secrets')
  const said = parseConfiguration(`${HEAD}view: {secrets: names}\ninject: {match: false}\n`, 'f.yaml')
  t.match(said, { ok: true, settings: { inject: { match: false } } })
  t.equal(said.ok && said.provenance.get('inject.match'), 'f.yaml:4')
})

t.test('an alias stands for what it names, and counts as written where it stands', async t => {
  const reading = parseConfiguration(
    `${HEAD}inject:\n  secrets: &names [hub]\n  rules:\n    - images: [ghcr.io]\n      secrets: *names\n`,
    'f.yaml',
  )
  t.match(reading, { ok: true, settings: { inject: { rules: [{ secrets: ['hub'] }] } } })
  const whole = parseConfiguration(`${HEAD}view: &v {secrets: names}\nexemptions: {namespaces: []}\n`, 'f.yaml')
  t.match(whole, { ok: true, settings: { exemptions: { namespaces: [] } } })
})

t.test('provenance has the line of each setting and of each item of a list', async t => {
  const reading = parseConfiguration(`${HEAD}registries:\n  private:\n    - a.example\n    - b.example\n`, 'f.yaml')
  t.strictSame(reading.ok && Object.fromEntries(reading.provenance), {
    'registries.private': 'f.yaml:4',
    'registries.private[0]': 'f.yaml:5',
    'registries.private[1]': 'f.yaml:6',
  })
})

t.test('an entry with annotations takes its pattern out of the default lists as any other does', async t => {
  const entry = { pattern: 'quay.io', serviceAccountAnnotations: ['example.com/role'] }
  const settings = settingsOf(`${HEAD}registries: {node: [${JSON.stringify(entry)}]}\n`)
  t.strictSame(settings?.registries.node, [entry])
  t.notOk(settings?.registries.mixed.includes('quay.io'))
})
