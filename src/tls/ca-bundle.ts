import { X509Certificate } from 'node:crypto'
import { get, getItems, getString } from '../kube/untyped.ts'
import { splitCertificates } from './pem.ts'

/**
 * How many authorities a bundle holds. A leaf serves for one and a half times the time between two rotations, so the last
 * two are enough and one is to follow; one more is for a rotation that somebody forced. What is older goes by its place and
 * not by the time: a replica whose clock is wrong must not take away what another serves.
 */
const MAX_AUTHORITIES = 4

/** The authorities that any webhook of a configuration trusts, each in one form. */
export function bundledAuthorities(configuration: unknown): readonly string[] {
  return getItems(configuration, 'webhooks').flatMap(readBundle)
}

/** Whether each webhook of a configuration trusts this authority. */
export function publishes(configuration: unknown, ca: string): boolean {
  return getItems(configuration, 'webhooks').every(webhook =>
    readBundle(webhook).some(known => known === canonical(ca)),
  )
}

/**
 * A MutatingWebhookConfiguration or ValidatingWebhookConfiguration whose webhooks trust these authorities besides the last
 * ones that they trust already; undefined where nothing is to be changed.
 *
 * @param wanted PEM, one certificate each, that can be read
 */
export function publish(configuration: unknown, wanted: readonly string[]): object | undefined {
  const webhooks = getItems(configuration, 'webhooks').map(webhook => {
    const before = readBundle(webhook)
    const after = merge(before, wanted.map(canonical))
    if (after.join('') === before.join('')) return { webhook, changed: false }
    const caBundle = Buffer.from(after.join('')).toString('base64')
    const clientConfig = { ...Object(get(webhook, 'clientConfig')), caBundle }
    return { webhook: { ...Object(webhook), clientConfig }, changed: true }
  })
  if (!webhooks.some(({ changed }) => changed)) return undefined
  return { ...Object(configuration), webhooks: webhooks.map(({ webhook }) => webhook) }
}

/** Oldest first, what is wanted and new at the end. */
function merge(before: readonly string[], wanted: readonly string[]): readonly string[] {
  const all = [...new Set([...before, ...wanted])]
  const surplus = all
    .filter(authority => !wanted.includes(authority))
    .slice(0, Math.max(0, all.length - MAX_AUTHORITIES))
  return all.filter(authority => !surplus.includes(authority))
}

/** The certificates of a webhook's bundle, each in one form; what cannot be read is left out. */
function readBundle(webhook: unknown): readonly string[] {
  const pem = Buffer.from(getString(webhook, 'clientConfig', 'caBundle') ?? '', 'base64').toString()
  return splitCertificates(pem).flatMap(certificate => {
    try {
      return [canonical(certificate)]
    } catch {
      return []
    }
  })
}

/** As OpenSSL prints it: two that differ in line breaks alone are the same. */
function canonical(pem: string): string {
  return new X509Certificate(pem).toString()
}
