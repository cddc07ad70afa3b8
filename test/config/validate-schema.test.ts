import t from 'tap'
import { faultsOf, HEAD, type RefusedFile } from './refused.ts'

const CODES =
  'SecretNotFound, SecretWrongType, SecretWithoutCredentials, SecretMalformed, ImageNotCovered, CredentialsExpired, ' +
  'ImageInvalid, NotInjected, EntryCoversNothing, EntryWithoutCredentials, CredentialsDoubtful, LabelInvalid'
const FIELDS =
  'apiVersion, kind, mode, ignore, enforce, controllers, registries, inject, templates, producers, exemptions, view, suggestions'

const refused: readonly RefusedFile[] = [
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
    name: 'false where it is no off',
    text: `${HEAD}mode: true\nregistries: {default: false}\n`,
    faults: [
      'regcred.yaml:3:7: mode: must be one of off, audit, warn, enforce, found true',
      'regcred.yaml:4:23: registries.default: must be one of unlisted, private, found false',
    ],
  },
  {
    name: 'what an earlier version took',
    text: `${HEAD}suggestions: true\n`,
    faults: ['regcred.yaml:3:14: suggestions: must be one of all, requester, none, found true; write requester'],
  },
  {
    name: 'the other thing that it took',
    text: `${HEAD}suggestions: false\n`,
    faults: ['regcred.yaml:3:14: suggestions: must be one of all, requester, none, found false; write none'],
  },
  {
    name: 'values of the wrong type',
    text: `${HEAD}suggestions: yes\nenforce: true\nregistries:\n  private: ghcr.io\n  node:\n  public: [1, {}]\ninject: []\nexemptions: {namespaces: {}}\n`,
    faults: [
      'regcred.yaml:3:14: suggestions: must be one of all, requester, none, found "yes"',
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
    name: 'entries of registries.node that are not whole',
    text: `${HEAD}registries:\n  node:\n    - {pattern: quay.io, serviceAccountAnnotations: []}\n    - {pattern: quay.io, serviceAccountAnnotations: ["a b", 3]}\n    - {patern: quay.io}\n    - 3\n`,
    faults: [
      'regcred.yaml:5:53: registries.node[0].serviceAccountAnnotations: must not be empty',
      'regcred.yaml:6:54: registries.node[1].serviceAccountAnnotations[0]: "a b" is not a valid annotation key; an example is example.com/role',
      'regcred.yaml:6:61: registries.node[1].serviceAccountAnnotations[1]: must be a string, found 3; put it in quotes',
      'regcred.yaml:7:7: registries.node[2].pattern: is missing',
      'regcred.yaml:7:7: registries.node[2].serviceAccountAnnotations: is missing',
      'regcred.yaml:7:8: registries.node[2].patern: unknown field "patern"; did you mean "pattern"?',
      'regcred.yaml:8:7: registries.node[3]: must be a string or a mapping, found 3',
    ],
  },
  {
    name: 'what is nested deeper than a configuration',
    text: `${HEAD}foo: ${'['.repeat(30)}${']'.repeat(30)}\n`,
    faults: [`regcred.yaml:3:1: foo: unknown field "foo"; known fields: ${FIELDS}`],
  },
]

for (const { name, text, faults } of refused) {
  t.test(`refused, and every fault told: ${name}`, async t => t.strictSame(faultsOf(text), faults))
}

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
