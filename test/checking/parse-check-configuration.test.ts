import t from 'tap'
import { parseCheckConfiguration } from '../../src/checking/parse-check-configuration.ts'
import { formatFault } from '../../src/config/fault.ts'

const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: CheckConfiguration\n'
const CWD = '/work/k8s'

const read = (text: string) => parseCheckConfiguration(text, '../regcred.yaml', CWD)

function faultsOf(text: string): readonly string[] {
  const reading = read(text)
  return reading.ok === false ? reading.faults.map(fault => formatFault('regcred.yaml', fault)) : []
}

t.test('a file that only says what it is says nothing else', async t => {
  t.strictSame(read(HEAD), {
    ok: true,
    configuration: {
      ...{ file: '../regcred.yaml', folder: '/work', exclude: [], knownSecrets: [], secretsFrom: [], ignore: [] },
    },
  })
})

t.test('what it names is relative to its folder, and then to the working directory', async t => {
  const text = `${HEAD}admission: deploy/regcred.yaml
exclude: ["charts/**"]
failOn: error
knownSecrets: [k8s/known.yaml]
secretsFrom: [{group: example.org, kind: TeamSecret, secretName: /spec/secretName}]
ignore: [{code: SecretNotFound, path: "k8s/**", kind: Pod, name: web, namespace: a, reason: Vault makes it}]
`
  t.match(read(text), {
    configuration: {
      admission: '../deploy/regcred.yaml',
      exclude: ['charts/**'],
      failOn: 'error',
      knownSecrets: ['known.yaml'],
      secretsFrom: [{ group: 'example.org', kind: 'TeamSecret', path: '/spec/secretName' }],
      ignore: [{ code: 'SecretNotFound', path: 'k8s/**', kind: 'Pod', name: 'web', namespace: 'a' }],
    },
  })
})

t.test('the configuration of a cluster is told apart', async t => {
  t.strictSame(read('apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: off\n'), { ok: 'admission' })
})

const refused: { name: string; text: string; faults: readonly string[] }[] = [
  { name: 'nothing', text: '', faults: ['regcred.yaml: the file is empty'] },
  {
    name: 'another kind',
    text: 'apiVersion: regcred.dev/v1alpha1\nkind: CheckConfig\n',
    faults: ['regcred.yaml:2:7: kind: must be CheckConfiguration, found "CheckConfig"'],
  },
  {
    name: 'a misspelt key',
    text: `${HEAD}exlude: []\n`,
    faults: ['regcred.yaml:3:1: exlude: unknown field "exlude"; did you mean "exclude"?'],
  },
  {
    name: 'a level that is none',
    text: `${HEAD}failOn: errors\n`,
    faults: ['regcred.yaml:3:9: failOn: must be one of error, warning, note, found "errors"; did you mean "error"?'],
  },
  {
    name: 'no reason, an empty one, and a code that is none',
    text: `${HEAD}ignore:\n- {code: SecretNotFound}\n- {code: SecretNotFound, reason: ""}\n- {code: SecretNotFond, reason: r}\n`,
    faults: [
      'regcred.yaml:4:3: ignore[0].reason: is missing',
      'regcred.yaml:5:34: ignore[1].reason: "" is no reason',
      'regcred.yaml:6:10: ignore[2].code: must be one of SecretNotFound, SecretWrongType, SecretWithoutCredentials, SecretMalformed, ImageNotCovered, CredentialsExpired, ImageInvalid, NotInjected, EntryCoversNothing, EntryWithoutCredentials, CredentialsDoubtful, LabelInvalid, found "SecretNotFond"; did you mean "SecretNotFound"?',
    ],
  },
  {
    name: 'a pointer that is none, and a kind and a group that are none',
    text: `${HEAD}secretsFrom: [{group: Example, kind: team, secretName: spec.secretName}]\n`,
    faults: [
      'regcred.yaml:3:23: secretsFrom[0].group: "Example" is not an API group, such as example.org',
      'regcred.yaml:3:38: secretsFrom[0].kind: "team" is not a kind, such as TeamSecret',
      'regcred.yaml:3:56: secretsFrom[0].secretName: "spec.secretName" is not a JSON pointer, such as /spec/secretName',
    ],
  },
  {
    name: 'too much',
    text: `${HEAD}#${'a'.repeat(3 * 1024 * 1024)}`,
    faults: ['regcred.yaml: is larger than 1 MiB'],
  },
  {
    name: 'too deep',
    text: `${HEAD}exclude: ${'['.repeat(500)}${']'.repeat(500)}\n`,
    faults: ['regcred.yaml:3:11: exclude[0]: must be a string, found a list'],
  },
  {
    name: 'aliases that multiply',
    text: `${HEAD}exclude: [&a b, ${'*a, '.repeat(200)}]\n`,
    faults: ['regcred.yaml:3:417: exclude[101]: more than 100 aliases'],
  },
]

for (const { name, text, faults } of refused) {
  t.test(`refused, with the place: ${name}`, async t => t.strictSame(faultsOf(text), faults))
}

t.test('more rules than anybody writes are refused', async t => {
  t.match(faultsOf(`${HEAD}exclude: [${'a, '.repeat(1001)}]\n`), [/^regcred\.yaml:3:10: exclude: must not have more/])
})
