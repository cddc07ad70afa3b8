import Type from 'typebox'
import { closed } from './field.ts'

/** RFC 1123: the names that Kubernetes accepts for a Namespace, and part by part for a Secret. */
export const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
/** Characters of such a name without dots, and of a kind. */
export const MAX_LABEL_LENGTH = 63
/** Characters of such a name with dots. */
export const MAX_NAME_LENGTH = 253

/** A kind, and where in its objects something is. */
export function kindPath(description: string, pathDescription: string) {
  return closed(
    {
      group: Type.String({
        description: 'The API group, "" for the core group.',
        maxLength: MAX_NAME_LENGTH,
        pattern: `^(${LABEL}(\\.${LABEL})*)?$`,
        patternErrorMessage: 'is not an API group, such as argoproj.io',
      }),
      kind: Type.String({
        description: 'The kind, as in manifests.',
        maxLength: MAX_LABEL_LENGTH,
        pattern: '^[A-Z][A-Za-z0-9]*$',
        patternErrorMessage: 'is not a kind, such as Rollout',
      }),
      path: Type.String({
        description: pathDescription,
        pattern: '^(/([^~/]|~[01])+)+$',
        patternErrorMessage: 'is not a JSON pointer, such as /spec/template',
      }),
    },
    { description },
  )
}
