import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { formatFault } from '../../src/config/fault.ts'
import { MAX_CONFIGURATION_BYTES, parseConfiguration } from '../../src/config/parse.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'

const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'
const CODES =
  'SecretNotFound, SecretWrongType, SecretWithoutCredentials, SecretMalformed, ImageNotCovered, CredentialsExpired, ' +
  'ImageInvalid, NotInjected, EntryCoversNothing, LabelInvalid'
const FIELDS = 'apiVersion, kind, mode, ignore, enforce, registries, inject, templates, exemptions, view, suggestions'

function faultsOf(text: string): readonly string[] {
  const reading = parseConfiguration(text, 'regcred.yaml')
  return reading.ok ? [] : reading.faults.map(fault => formatFault('regcred.yaml', fault))
}

function settingsOf(text: string): Settings | undefined {
  const reading = parseConfiguration(text, 'regcred.yaml')
  return reading.ok ? reading.settings : undefined
}

t.test('a file that only says what it is leaves every default', async t => {
  t.strictSame(settingsOf(HEAD), defaultSettings)
})

t.test('JSON is read as well', async t => {
  const json = JSON.stringify({ apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration', mode: 'off' })
  t.equal(settingsOf(json)?.mode, 'off')
})

t.test('a byte order mark and Windows line ends do no harm', async t => {
  t.equal(settingsOf(`\uFEFF${HEAD}mode: audit\n`.replaceAll('\n', '\r\n'))?.mode, 'audit')
})

t.test('what a file says takes the place of the default, lists whole, and the rest stays', async t => {
  const settings = settingsOf(`${HEAD}
mode: enforce
ignore: [LabelInvalid]
enforce: {controllers: true}
registries: {public: [example.org], default: private}
inject: {enabled: false, match: false, optOut: false, whenMissing: skip, secrets: [hub], rules: [{images: [ghcr.io], secrets: [a]}]}
templates: [{group: argoproj.io, kind: Rollout, path: /spec/template}]
exemptions: {usernames: ["system:serviceaccount:flux-system:flux"]}
suggestions: false
`)
  t.strictSame(settings, {
    mode: 'enforce',
    ignore: ['LabelInvalid'],
    enforce: { controllers: true },
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
    exemptions: {
      namespaces: ['kube-system', 'kube-node-lease'],
      usernames: ['system:serviceaccount:flux-system:flux'],
    },
    view: { secrets: 'contents' },
    suggestions: false,
  })
  t.ok(Object.isFrozen(settings?.inject.rules[0]?.images))
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
  t.strictSame(registries.public, ['docker.io/library', 'public.ecr.aws', 'mcr.microsoft.com'])
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

const refused: { name: string; text: string; faults: string[] }[] = [
  { name: 'an empty file', text: '', faults: ['regcred.yaml: the file is empty'] },
  { name: 'a file of comments', text: '# mode: warn\n', faults: ['regcred.yaml: the file is empty'] },
  {
    name: 'a file larger than 1 MiB',
    text: '#'.repeat(MAX_CONFIGURATION_BYTES + 1),
    faults: ['regcred.yaml: is larger than 1 MiB'],
  },
  {
    name: 'a second document',
    text: `${HEAD}---\n${HEAD}`,
    faults: ['regcred.yaml:3:1: a second YAML document starts here; only one is allowed'],
  },
  {
    name: 'a list',
    text: '- mode: warn\n',
    faults: ['regcred.yaml:1:1: must be a mapping, found a list'],
  },
  { name: 'a text', text: 'warn', faults: ['regcred.yaml:1:1: must be a mapping, found "warn"'] },
  {
    name: 'a manifest of another kind',
    text: 'apiVersion: v1\nkind: ConfigMap\n',
    faults: [
      'regcred.yaml:1:13: apiVersion: must be regcred.dev/v1alpha1, found "v1"',
      'regcred.yaml:2:7: kind: must be AdmissionConfiguration, found "ConfigMap"',
    ],
  },
  {
    name: 'a file that does not say what it is',
    text: 'mode: warn\n',
    faults: [
      'regcred.yaml:1:1: apiVersion: is missing; write regcred.dev/v1alpha1',
      'regcred.yaml:1:1: kind: is missing; write AdmissionConfiguration',
    ],
  },
  {
    name: 'unknown fields, with a near name if there is one',
    text: `${HEAD}enforced: {controllers: true}\nfoo: 1\ninject: {optout: true}\n__proto__: {}\n"a b": 1\n`,
    faults: [
      'regcred.yaml:3:1: enforced: unknown field "enforced"; did you mean "enforce"?',
      `regcred.yaml:4:1: foo: unknown field "foo"; known fields: ${FIELDS}`,
      'regcred.yaml:5:10: inject.optout: unknown field "optout"; did you mean "optOut"?',
      `regcred.yaml:6:1: __proto__: unknown field "__proto__"; known fields: ${FIELDS}`,
      `regcred.yaml:7:1: ["a b"]: unknown field "a b"; known fields: ${FIELDS}`,
    ],
  },
  {
    name: 'a value that is none of those allowed',
    text: `${HEAD}mode: enfroce\nignore: [secretnotfound, Foo]\ninject: {whenMissing: never}\nview: {secrets: 3}\n`,
    faults: [
      'regcred.yaml:3:7: mode: must be one of off, audit, warn, enforce, found "enfroce"; did you mean "enforce"?',
      `regcred.yaml:4:10: ignore[0]: must be one of ${CODES}, found "secretnotfound"; did you mean "SecretNotFound"?`,
      `regcred.yaml:4:26: ignore[1]: must be one of ${CODES}, found "Foo"`,
      'regcred.yaml:5:23: inject.whenMissing: must be one of reference, skip, found "never"',
      'regcred.yaml:6:17: view.secrets: must be one of contents, names, found 3',
    ],
  },
  {
    name: 'a short word that is near nothing but by its shortness',
    text: `${HEAD}mode: on\n`,
    faults: ['regcred.yaml:3:7: mode: must be one of off, audit, warn, enforce, found "on"'],
  },
  {
    name: 'the false that tools of YAML 1.1 make of off',
    text: `${HEAD}mode: false\nregistries: {default: false}\n`,
    faults: [
      'regcred.yaml:3:7: mode: must be one of off, audit, warn, enforce, found false; put "off" in quotes',
      'regcred.yaml:4:23: registries.default: must be one of unlisted, private, found false',
    ],
  },
  {
    name: 'values of the wrong type',
    text: `${HEAD}suggestions: yes\nenforce: true\nregistries:\n  private: ghcr.io\n  node:\n  public: [1, {}]\ninject: []\nexemptions: {namespaces: {}}\n`,
    faults: [
      'regcred.yaml:3:14: suggestions: must be true or false, found "yes"',
      'regcred.yaml:4:10: enforce: must be a mapping, found true',
      'regcred.yaml:6:12: registries.private: must be a list, found "ghcr.io"; write ["ghcr.io"]',
      'regcred.yaml:7:8: registries.node: must be a list, found nothing; remove the field to use its default',
      'regcred.yaml:8:12: registries.public[0]: must be a string, found 1; put it in quotes',
      'regcred.yaml:8:15: registries.public[1]: must be a string, found a mapping',
      'regcred.yaml:9:9: inject: must be a mapping, found a list',
      'regcred.yaml:10:26: exemptions.namespaces: must be a list, found a mapping',
    ],
  },
  {
    name: 'names that no Secret and no Namespace can have',
    text: `${HEAD}inject:\n  secrets: [Hub, "", ${'a'.repeat(254)}]\n  rules: [{images: [a.example], secrets: [a/b]}]\nexemptions: {namespaces: ["kube-*"], usernames: [""]}\n`,
    faults: [
      'regcred.yaml:4:13: inject.secrets[0]: "Hub" is not a valid Secret name; use lower case letters, digits, "-" and "."',
      'regcred.yaml:4:18: inject.secrets[1]: "" is not a valid Secret name; use lower case letters, digits, "-" and "."',
      'regcred.yaml:4:22: inject.secrets[2]: must not have more than 253 characters',
      'regcred.yaml:5:43: inject.rules[0].secrets[0]: "a/b" is not a valid Secret name; use lower case letters, digits, "-" and "."',
      'regcred.yaml:6:27: exemptions.namespaces[0]: "kube-*" is not a valid Namespace name; use lower case letters, digits and "-"',
      'regcred.yaml:6:50: exemptions.usernames[0]: must not be empty',
    ],
  },
  {
    name: 'a rule that is not whole',
    text: `${HEAD}inject:\n  rules:\n    - images: []\n    - secrets: [a]\n    - ghcr\n`,
    faults: [
      'regcred.yaml:5:7: inject.rules[0].secrets: is missing',
      'regcred.yaml:5:15: inject.rules[0].images: must not be empty',
      'regcred.yaml:6:7: inject.rules[1].images: is missing',
      'regcred.yaml:7:7: inject.rules[2]: must be a mapping, found "ghcr"',
    ],
  },
  {
    name: 'templates without a pointer, and one kind twice',
    text: `${HEAD}templates:\n  - {group: a.example, kind: A, path: spec.template}\n  - {group: a.example, kind: A, path: /spec/template}\n  - {group: B, kind: b, path: /}\n  - 1\n`,
    faults: [
      'regcred.yaml:4:39: templates[0].path: "spec.template" is not a JSON pointer, such as /spec/template',
      'regcred.yaml:5:5: templates[1]: has the same group and kind as templates[0]',
      'regcred.yaml:6:13: templates[2].group: "B" is not an API group, such as argoproj.io',
      'regcred.yaml:6:22: templates[2].kind: "b" is not a kind, such as Rollout',
      'regcred.yaml:6:31: templates[2].path: "/" is not a JSON pointer, such as /spec/template',
      'regcred.yaml:7:5: templates[3]: must be a mapping, found 1',
    ],
  },
  {
    name: 'patterns that no registry has, in classes and in rules',
    text: `${HEAD}registries:\n  private: ["https://ghcr.io"]\ninject:\n  rules: [{images: [acme], secrets: [a]}]\n`,
    faults: [
      'regcred.yaml:4:13: registries.private[0]: "https://ghcr.io" has a scheme; start with the host',
      'regcred.yaml:6:21: inject.rules[0].images[0]: "acme" does not start with a registry; for Docker Hub write docker.io/…',
    ],
  },
  {
    name: 'one pattern in two classes',
    text: `${HEAD}registries:\n  mixed: [ghcr.io]\n  private: [quay.io, ghcr.io]\n  public: [GHCR.io, b.example, b.example]\n`,
    faults: [
      'regcred.yaml:4:11: registries.mixed[0]: "ghcr.io" is also listed as registries.private[1]; list a pattern in one class only',
      'regcred.yaml:6:12: registries.public[0]: "GHCR.io" is also listed as registries.private[1]; list a pattern in one class only',
    ],
  },
  {
    name: 'matching without contents to match',
    text: `${HEAD}view: {secrets: names}\ninject: {match: true}\n`,
    faults: [
      'regcred.yaml:4:17: inject.match: cannot be true with view.secrets: names, because matching needs the contents of Secrets',
    ],
  },
  {
    name: 'keys that stand twice',
    text: `${HEAD}mode: warn\nmode: off\ninject: {match: true, match: false}\n`,
    faults: [
      'regcred.yaml:4:1: mode: this key is here twice',
      'regcred.yaml:5:23: inject.match: this key is here twice',
    ],
  },
  {
    name: 'a pattern that YAML takes for an alias',
    text: `${HEAD}registries:\n  node: [*.gcr.io]\n`,
    faults: [
      'regcred.yaml:4:10: registries.node[0]: there is no anchor ".gcr.io" before this alias; put text that starts with * in quotes',
    ],
  },
  {
    name: 'an alias of what it stands in',
    text: `${HEAD}inject: &i {rules: [*i]}\n`,
    faults: [
      'regcred.yaml:3:21: inject.rules[0]: there is no anchor "i" before this alias; put text that starts with * in quotes',
    ],
  },
  {
    name: 'more aliases than anybody needs',
    text: `${HEAD}inject: {secrets: [&a x${', *a'.repeat(101)}]}\n`,
    faults: ['regcred.yaml:3:426: inject.secrets[101]: more than 100 aliases'],
  },
  {
    name: 'syntax that is no YAML, once a line',
    text: `${HEAD}mode: @warn\nview: {secrets: names\nignore: ]\n`,
    faults: [
      'regcred.yaml:3:7: Plain value cannot start with reserved character @',
      'regcred.yaml:5:1: Flow map in block collection must be sufficiently indented and end with a }',
    ],
  },
  {
    name: 'tags, and keys that are no text',
    text: `${HEAD}mode: !custom warn\n? [a]\n: 1\n`,
    faults: ['regcred.yaml:3:7: Unresolved tag: !custom', 'regcred.yaml:4:3: a key must be a string'],
  },
  {
    name: 'what is nested deeper than anything could be read',
    text: '['.repeat(20_000),
    faults: ['regcred.yaml:1:N: nested too deeply'],
  },
  {
    name: 'what is nested deeper than a configuration',
    text: `${HEAD}foo: ${'['.repeat(30)}${']'.repeat(30)}\n`,
    faults: [`regcred.yaml:3:1: foo: unknown field "foo"; known fields: ${FIELDS}`],
  },
]

for (const { name, text, faults } of refused) {
  t.test(`refused, and every fault told: ${name}`, async t => {
    const told = faultsOf(text)
    // How deep is too deep hangs on the size of the stack.
    const deep = told.map(fault => fault.replace(/^(regcred.yaml:1:)\d+(: nested)/, '$1N$2'))
    t.strictSame(deep, faults)
  })
}

t.test('of very many faults the first hundred are told, and how many are left', async t => {
  const told = faultsOf(`${HEAD}inject: {secrets: [${'A, '.repeat(150)}]}\n`)
  t.equal(told.length, 101)
  t.equal(told.at(-1), 'regcred.yaml: 50 more errors')
})

t.test('a file with more faults than anybody looks for is refused all the same', async t => {
  const unknown = Array.from({ length: 12_000 }, (_, index) => `k${index}: 1\n`).join('')
  t.strictSame(faultsOf(HEAD + unknown), ['regcred.yaml: too many errors to list'])
  const wrong = faultsOf(`${HEAD}ignore: [${'A,'.repeat(12_000)}]\n`)
  t.equal(wrong[0], 'regcred.yaml: too many errors to list')
  t.equal(wrong.at(-1), 'regcred.yaml: 9901 more errors')
})

t.test('values from the file are shortened and cannot break the line', async t => {
  const [fault] = faultsOf(`${HEAD}mode: "\\u001b[31m\\n\\u0085${'x'.repeat(500)}"\n`)
  t.match(fault, /^[ -~…\ufffd]{60,200}$/)
})

t.test('any JSON at the door is read or refused with reasons, without a throw', async () => {
  const head = { apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration' }
  const field = fc.constantFrom(...Object.keys(defaultSettings), 'private', 'rules', 'images', 'secrets', '__proto__')
  const anything = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.json().map(json => JSON.parse(json)),
      fc.constantFrom('warn', 'ghcr.io', null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(field, tie('value'), { maxKeys: 4 }),
    ),
  })).value
  fc.assert(
    fc.property(fc.dictionary(field, anything), content => {
      const reading = parseConfiguration(JSON.stringify({ ...head, ...content }), 'f.json')
      return reading.ok || reading.faults.length > 0
    }),
  )
})

t.test('the manual shows the defaults as a file, and an example without faults', async t => {
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const [defaults = '', ...examples] = [...manual.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)
  t.strictSame(settingsOf(defaults), defaultSettings)
  t.equal(examples.length, 1)
  for (const example of examples) t.strictSame(faultsOf(example), [])
})
