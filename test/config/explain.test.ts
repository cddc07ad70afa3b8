import fc from 'fast-check'
import t from 'tap'
import { type Configuration, defaultConfiguration } from '../../src/config/configuration.ts'
import { type Audience, explain, type Row } from '../../src/config/explain.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'

const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'
const POD = { mirror: false, optedOut: false, pullSecrets: undefined, images: [] }

const uses = (...images: string[]) => images.map(image => ({ image, pulled: true }))

function configure(text: string): Configuration {
  const reading = parseConfiguration(HEAD + text, 'regcred.yaml')
  return reading.ok ? reading : defaultConfiguration
}

function rowsOf(setting: string, text: string, subject?: Audience): readonly Row[] {
  return explain(configure(text), subject).filter(row => row.setting === setting)
}

t.test('every setting comes once, with its line or as the default', async t => {
  const rows = explain(configure('mode: off\n'))
  t.equal(new Set(rows.map(row => row.setting)).size, rows.length)
  t.strictSame(rows[0], { setting: 'mode', value: 'off', from: 'regcred.yaml:3' })
  t.strictSame(rows[1], { setting: 'ignore', value: [], from: 'default' })
})

const decided: { name: string; text: string; subject: Audience; setting: string; rows: Omit<Row, 'setting'>[] }[] = [
  {
    name: 'the mode of a namespace without labels is that of the file',
    text: 'mode: off\n',
    subject: { namespace: { name: 'a' } },
    setting: 'mode',
    rows: [{ value: 'off', from: 'regcred.yaml:3' }],
  },
  {
    name: 'the label of a namespace goes before the file',
    text: 'mode: off\n',
    subject: { namespace: { name: 'a', mode: 'enforce' } },
    setting: 'mode',
    rows: [{ value: 'enforce', from: 'namespace label regcred.dev/mode' }],
  },
  {
    name: 'a label with a value that does not exist decides nothing, and is named',
    text: 'mode: off\n',
    subject: { namespace: { name: 'a', mode: 'enfroce' } },
    setting: 'mode',
    rows: [
      {
        value: 'off',
        from: 'regcred.yaml:3; namespace label regcred.dev/mode has the unknown value "enfroce" and is ignored',
      },
    ],
  },
  {
    name: 'the label of a namespace turns injection on',
    text: 'inject: {enabled: false}\n',
    subject: { namespace: { name: 'a', inject: 'enabled' }, pod: POD },
    setting: 'inject.enabled',
    rows: [{ value: true, from: 'namespace label regcred.dev/inject' }],
  },
  {
    name: 'the label of a namespace turns injection off',
    text: '',
    subject: { namespace: { name: 'a', inject: 'disabled' } },
    setting: 'inject.enabled',
    rows: [{ value: false, from: 'namespace label regcred.dev/inject' }],
  },
  {
    name: 'mode audit adds nothing',
    text: 'mode: audit\n',
    subject: { namespace: { name: 'a' } },
    setting: 'inject.enabled',
    rows: [{ value: 'auto', from: 'default; auto, and mode audit only records what would be added' }],
  },
  {
    name: 'and mode off not even that',
    text: 'mode: off\ninject: {enabled: auto}\n',
    subject: { namespace: { name: 'a' } },
    setting: 'inject.enabled',
    rows: [{ value: false, from: 'regcred.yaml:4; auto, and the mode is off' }],
  },
  {
    name: 'what is configured plainly goes without the mode',
    text: 'mode: audit\ninject: {enabled: true}\n',
    subject: { namespace: { name: 'a' } },
    setting: 'inject.enabled',
    rows: [{ value: true, from: 'regcred.yaml:4' }],
  },
  {
    name: 'a Pod opts out, whatever its namespace says',
    text: '',
    subject: { namespace: { name: 'a', inject: 'enabled' }, pod: { ...POD, optedOut: true } },
    setting: 'inject.enabled',
    rows: [{ value: false, from: 'Pod annotation regcred.dev/inject' }],
  },
  {
    name: 'a Pod that may not opt out is told so',
    text: 'inject: {optOut: false}\n',
    subject: { namespace: { name: 'a' }, pod: { ...POD, optedOut: true } },
    setting: 'inject.enabled',
    rows: [
      {
        value: true,
        from: 'default; auto, and the mode of the configuration or of the namespace is warn or enforce; the Pod annotation regcred.dev/inject is ignored, because inject.optOut is false',
      },
    ],
  },
  {
    name: 'names come from the file, from rules that match, from the namespace and from the Pod',
    text: 'inject:\n  secrets: [hub]\n  rules:\n    - {images: [quay.io], secrets: [q]}\n    - {images: [ghcr.io/acme], secrets: [g]}\n',
    subject: {
      namespace: { name: 'a', pullSecrets: 'n, m' },
      pod: { ...POD, pullSecrets: 'p', images: uses('ghcr.io/acme/web', 'Not valid') },
    },
    setting: 'inject.secrets',
    rows: [
      { value: ['hub'], from: 'regcred.yaml:4' },
      { value: ['g'], from: 'regcred.yaml:7, rule' },
      { value: ['n', 'm'], from: 'namespace annotation regcred.dev/pull-secrets' },
      { value: ['p'], from: 'Pod annotation regcred.dev/pull-secrets' },
    ],
  },
  {
    name: 'an empty annotation brings no names',
    text: '',
    subject: { namespace: { name: 'a', pullSecrets: ' , ' } },
    setting: 'inject.secrets',
    rows: [{ value: [], from: 'default' }],
  },
  {
    name: 'a namespace is exempt by the file',
    text: 'exemptions:\n  namespaces:\n    - a\n',
    subject: { namespace: { name: 'a' } },
    setting: 'exempt',
    rows: [{ value: true, from: 'regcred.yaml:5' }],
  },
  {
    name: 'a namespace is not exempt because of the list of the file',
    text: 'exemptions:\n  namespaces:\n    - a\n',
    subject: { namespace: { name: 'kube-system' } },
    setting: 'exempt',
    rows: [{ value: false, from: 'regcred.yaml:4' }],
  },
  {
    name: 'a namespace is exempt by default',
    text: '',
    subject: { namespace: { name: 'kube-system' } },
    setting: 'exempt',
    rows: [{ value: true, from: 'default' }],
  },
  {
    name: 'an image has the class of the most specific pattern',
    text: 'registries:\n  private:\n    - "*.example"\n    - a.example/acme\n  public: [a.example]\n',
    subject: {
      namespace: { name: 'a' },
      pod: { ...POD, images: uses('a.example/acme/web:1', 'a.example/acme/web:1') },
    },
    setting: 'class of a.example/acme/web:1',
    rows: [{ value: 'private', from: 'regcred.yaml:6, a.example/acme' }],
  },
  {
    name: 'an image to which the nodes log in for some ServiceAccounts',
    text: 'registries:\n  node:\n    - {pattern: a.example, serviceAccountAnnotations: [x.example/role]}\n',
    subject: { namespace: { name: 'a' }, pod: { ...POD, images: uses('a.example/web') } },
    setting: 'class of a.example/web',
    rows: [
      {
        value: 'node',
        from: 'regcred.yaml:5, a.example; private unless its ServiceAccount has the annotation x.example/role',
      },
    ],
  },
  {
    name: 'an image has the class of a pattern that is listed by default',
    text: '',
    subject: { namespace: { name: 'a' }, pod: { ...POD, images: uses('nginx') } },
    setting: 'class of nginx',
    rows: [{ value: 'public', from: 'default, docker.io/library' }],
  },
  {
    name: 'an image that no pattern matches has the default class, of the file',
    text: 'registries: {default: private}\n',
    subject: { namespace: { name: 'a' }, pod: { ...POD, images: uses('a.example/web') } },
    setting: 'class of a.example/web',
    rows: [{ value: 'private', from: 'regcred.yaml:3, registries.default' }],
  },
  {
    name: 'an image that no pattern matches has the default class, by default',
    text: '',
    subject: { namespace: { name: 'a' }, pod: { ...POD, images: uses('a.example/web') } },
    setting: 'class of a.example/web',
    rows: [{ value: 'unlisted', from: 'default, registries.default' }],
  },
  {
    name: 'an image whose name cannot be parsed has no class',
    text: '',
    subject: { namespace: { name: 'a' }, pod: { ...POD, images: uses('Not\nvalid') } },
    setting: 'class of Not\\u000avalid',
    rows: [{ value: null, from: 'not a valid image name' }],
  },
]

for (const { name, text, subject, setting, rows } of decided) {
  t.test(name, async t => {
    t.strictSame(
      rowsOf(setting, text, subject),
      rows.map(row => ({ setting, ...row })),
    )
  })
}

t.test('the class that is explained is the class that reviews go by', async t => {
  const configuration = configure(
    'registries:\n  private: [a.example/acme, "*.example/acme"]\n  node: [a.example, "*.b.example"]\n' +
      '  public: ["a.*", "*.b.example/acme"]\n  mixed: ["*.example", "b.example:5000"]\n',
  )
  t.not(configuration, defaultConfiguration)
  const { readImage } = prepareRulebook(configuration.settings)
  const image = fc
    .tuple(
      fc.constantFrom('a.example', 'b.example', 'x.b.example', 'b.example:5000', 'a.com', 'c.org'),
      fc.constantFrom('acme', 'acme/web', 'acme-evil/web', 'web'),
    )
    .map(parts => parts.join('/'))
  fc.assert(
    fc.property(image, image => {
      const { name, registryClass } = readImage(image)
      const [row] = explain(configuration, { namespace: { name: 'a' }, pod: { ...POD, images: uses(image) } }).slice(1)
      return name !== undefined && row?.value === registryClass
    }),
  )
})
