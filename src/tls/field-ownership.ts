import { get } from '../kube/untyped.ts'

/** What the API server calls us: the User-Agent up to its slash. */
const MANAGER = 'regcred'

/**
 * The same object without the mark that we own fields of it; undefined where there is nothing to give up.
 *
 * Whoever applies the manifest on the server's side (Helm 4, Argo CD, Flux) and sets a `caBundle` there would otherwise be in
 * conflict with us, half-way through an upgrade. A field without an owner goes to the first who applies it, and stays as it is
 * for who does not.
 *
 * | owners by `metadata.managedFields` | outcome                                                                     |
 * | ---------------------------------- | --------------------------------------------------------------------------- |
 * | we and others                      | the others                                                                  |
 * | others alone, or unknown           | undefined                                                                   |
 * | we alone                           | undefined: an empty list changes nothing, so we would write it for ever     |
 */
export function disown(object: unknown): object | undefined {
  const owners = get(object, 'metadata', 'managedFields')
  if (!Array.isArray(owners)) return undefined
  const others = owners.filter(owner => get(owner, 'manager') !== MANAGER || get(owner, 'operation') !== 'Update')
  if (others.length === owners.length || others.length === 0) return undefined
  return { ...Object(object), metadata: { ...Object(get(object, 'metadata')), managedFields: others } }
}
