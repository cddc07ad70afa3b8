import t from 'tap'
import { faultsOf, HEAD, type RefusedFile } from './refused.ts'

const refused: readonly RefusedFile[] = [
  {
    name: 'one template twice, where another of its kind is fine',
    text: `${HEAD}templates:\n  - {group: a.example, kind: A, path: /a}\n  - {group: a.example, kind: A, path: /b/*}\n  - {group: a.example, kind: A, path: /a}\n`,
    faults: ['regcred.yaml:6:5: templates[2]: has the same group, kind and path as templates[0]'],
  },
  {
    name: 'templates without a pointer',
    text: `${HEAD}templates:\n  - {group: a.example, kind: A, path: spec.template}\n  - {group: a.example, kind: A, path: /spec/template}\n  - {group: B, kind: b, path: /}\n  - 1\n`,
    faults: [
      'regcred.yaml:4:39: templates[0].path: "spec.template" is not a JSON pointer, such as /spec/template',
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
    name: 'one registry in two classes, with and without its port',
    text: `${HEAD}registries:\n  private: ["reg.example:443/acme"]\n  public: [reg.example/acme]\n`,
    faults: [
      'regcred.yaml:5:12: registries.public[0]: "reg.example/acme" is also listed as registries.private[0]; list a pattern in one class only',
    ],
  },
  {
    name: 'patterns of entries with annotations',
    text: `${HEAD}registries:\n  private: [quay.io]\n  node:\n    - {pattern: Quay.io, serviceAccountAnnotations: [a]}\n    - {pattern: a b, serviceAccountAnnotations: [a]}\n`,
    faults: [
      'regcred.yaml:6:17: registries.node[0].pattern: "Quay.io" is also listed as registries.private[0]; list a pattern in one class only',
      'regcred.yaml:7:17: registries.node[1].pattern: "a b" has a space in it',
    ],
  },
  {
    name: 'what needs contents, without contents',
    text: `${HEAD}view: {secrets: names}\ninject: {match: true}\nenforce: {unknown: refuse}\n`,
    faults: [
      'regcred.yaml:4:17: inject.match: cannot be true with view.secrets: names, because matching needs the contents of Secrets',
      'regcred.yaml:5:20: enforce.unknown: cannot be refuse with view.secrets: names, because then the contents of Secrets are never known',
    ],
  },
]

for (const { name, text, faults } of refused) {
  t.test(`refused, and every fault told: ${name}`, async t => t.strictSame(faultsOf(text), faults))
}
