import Type from 'typebox'
import { ANNOTATION_KEY, MAX_ANNOTATION_LENGTH, type NodeEntry } from '../policy/registries/node-entry.ts'

/** An entry of a list of registries. */
export const pattern = Type.String({
  description: 'A registry host, where "*" stands for any part of it, and optionally a path: ghcr.io/acme',
})

/** An entry of `registries.node`. Without a union: that would have one error for each of its members. What is said of a mapping holds for one alone. */
export const nodeEntry = Type.Unsafe<NodeEntry>({
  type: ['string', 'object'],
  description: 'A pattern, or a mapping of a pattern and what a ServiceAccount has to have.',
  properties: {
    pattern,
    serviceAccountAnnotations: Type.Array(
      Type.String({
        maxLength: MAX_ANNOTATION_LENGTH,
        pattern: ANNOTATION_KEY,
        patternErrorMessage: 'is not a valid annotation key; an example is example.com/role',
      }),
      { description: 'Keys of annotations, all of which the ServiceAccount of the Pod has to have.', minItems: 1 },
    ),
  },
  required: ['pattern', 'serviceAccountAnnotations'],
  additionalProperties: false,
})
