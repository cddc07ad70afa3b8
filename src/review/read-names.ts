import { ANNOTATIONS_READ, DATA_KEYS } from '../kubelet/secret.ts'
import { IGNORE_ANNOTATION, INJECT_LABEL, MODE_LABEL, PULL_SECRETS_ANNOTATION } from '../policy/labels.ts'
import type { KindPath } from '../policy/settings.ts'
import { HOME_KEYS } from './home.ts'
import { MIRROR_ANNOTATION } from './pod.ts'
import { FIELD_NAMES } from './schema.ts'
import { templateFields } from './workload.ts'

/** What is read of labels, annotations, the data of a Secret and the field owners of a Pod. */
const KEYS = [
  MODE_LABEL,
  INJECT_LABEL,
  PULL_SECRETS_ANNOTATION,
  IGNORE_ANNOTATION,
  MIRROR_ANNOTATION,
  ...ANNOTATIONS_READ,
  ...HOME_KEYS,
  ...DATA_KEYS,
  'f:spec',
  'f:imagePullSecrets',
]

/** The names of members that are read, as JSON writes them, as strings of bytes. */
export function namesRead(templates: readonly KindPath[]): ReadonlySet<string> {
  const names = [...FIELD_NAMES, ...KEYS, ...templateFields(templates)]
  return new Set(names.map(name => Buffer.from(JSON.stringify(name).slice(1, -1)).toString('latin1')))
}
