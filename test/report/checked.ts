import type { Checked, CheckedObject } from '../../src/engine/checked.ts'

export const POD: CheckedObject = {
  manifest: { file: 'web.yaml', apiVersion: 'v1', kind: 'Pod' },
  namespace: 'team-a',
  name: 'web',
  images: [
    {
      container: 'web',
      image: 'registry.example.com/acme/web:1',
      registryClass: 'unlisted',
      credentials: [{ secret: 'old', entry: 'https://registry.example.com', usable: false }],
    },
  ],
  plan: {
    add: [{ secret: 'acme', source: 'match' }],
    wouldAdd: [],
    skipped: [{ secret: 'hub', source: 'configuration', reason: 'nothingToCover' }],
  },
  findings: [
    {
      code: 'SecretNotFound',
      effect: 'degrades',
      secret: 'amce',
      suggestion: { of: 'secret', text: 'acme' },
      origin: 'object',
      affectsPrivate: false,
      problem: 'pull secret "amce" is not there',
      advice: { kind: 'suggestName', text: 'did you mean "acme"?' },
    },
  ],
}

export const NAMESPACE: CheckedObject = {
  manifest: { file: '-', apiVersion: 'v1', kind: 'Namespace' },
  namespace: '',
  name: 'team-a',
  images: [],
  plan: { add: [], wouldAdd: [], skipped: [] },
  findings: [
    {
      code: 'LabelInvalid',
      effect: 'mayBlock',
      origin: 'object',
      affectsPrivate: false,
      problem: 'a label\nforges a line',
      advice: { kind: 'correctLabel', text: 'remove it' },
    },
  ],
}

export function checked(...objects: CheckedObject[]): Checked {
  return {
    ...{ objects, errors: [], unknownNamespaces: [], unknownAccounts: [], unexplained: false },
    input: { objects: objects.length, workloads: 1, others: [] },
  }
}
