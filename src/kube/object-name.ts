/** Characters of a DNS subdomain. */
const MAX_NAME_LENGTH = 253
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/

/**
 * Whether an object can have this name at all. A Pod may reference any string, and one that no Secret can bear must not
 * become part of a path or a selector.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function isObjectName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && name.split('.').every(part => LABEL.test(part))
}
