import type { NotString } from '../policy/facts.ts'
import type { Namespace } from '../policy/known.ts'
import { INJECT_LABEL, MODE_LABEL, PULL_SECRETS_ANNOTATION } from '../policy/labels.ts'
import type { Subject } from './review.ts'
import type { MetadataFields } from './schema.ts'

/** Reads what regcred keeps of a Namespace. A value that is no text counts as not set. */
export function readNamespace(name: string, { labels, annotations }: MetadataFields): Namespace {
  const mode = labels?.[MODE_LABEL]
  const inject = labels?.[INJECT_LABEL]
  const pullSecrets = annotations?.[PULL_SECRETS_ANNOTATION]
  return {
    name,
    ...(typeof mode === 'string' ? { mode } : {}),
    ...(typeof inject === 'string' ? { inject } : {}),
    ...(typeof pullSecrets === 'string' ? { pullSecrets } : {}),
  }
}

/** Finds those of our labels and annotations whose value is no string. An empty one, which Kubernetes takes for "", is none. */
export function findNotStrings({ labels, annotations }: MetadataFields): NotString[] {
  const ours = [
    [MODE_LABEL, labels?.[MODE_LABEL]],
    [INJECT_LABEL, labels?.[INJECT_LABEL]],
    [PULL_SECRETS_ANNOTATION, annotations?.[PULL_SECRETS_ANNOTATION]],
  ] as const
  return ours.flatMap(([key, value]) => {
    return typeof value === 'string' || value === undefined || value === null ? [] : [{ key, value }]
  })
}

/** The namespace whose settings hold for an object, given the one that it is in: a Namespace goes by its own. */
export function namespaceOf(subject: Subject, namespace: string): string {
  return subject.about === 'namespace' ? subject.namespace.name : namespace
}
