import type { X509Certificate } from 'node:crypto'
import { getText } from '../kube/untyped.ts'
import { isFor, isSignedBy, parseCertificates } from './pair.ts'

/**
 * Why an API server that calls a webhook would not take this certificate, in the middle of a sentence; undefined if it would.
 *
 * @param webhook of a MutatingWebhookConfiguration or ValidatingWebhookConfiguration
 * @param cert PEM of the certificate, with its chain
 * @param now milliseconds since the epoch
 */
export function faultOfTrust(webhook: unknown, cert: string, now: number): string | undefined {
  const bundle = getText(webhook, 'clientConfig', 'caBundle')
  if (bundle === '') return 'has no caBundle yet'
  const authorities = parseCertificates(Buffer.from(bundle, 'base64').toString())
  if (authorities === undefined) return 'has a caBundle that is not PEM'
  const chain = parseCertificates(cert)
  const [leaf] = chain ?? []
  if (chain === undefined || leaf === undefined) return undefined
  const valid = authorities.filter(({ validTo }) => Date.parse(validTo) > now)
  if (!chain.some(one => valid.some(authority => isTrusted(one, authority))))
    return 'has a caBundle that does not fit the certificate'
  const name = serverNameOf(webhook)
  return isFor(leaf, name) ? undefined : `calls ${name}, for which the certificate is not`
}

function isTrusted(signed: X509Certificate, authority: X509Certificate): boolean {
  return signed.raw.equals(authority.raw) || isSignedBy(signed, authority)
}

/** The name by which the API server calls a webhook. */
function serverNameOf(webhook: unknown): string {
  const url = URL.parse(getText(webhook, 'clientConfig', 'url'))
  if (url !== null) return url.hostname
  const service = (key: string) => getText(webhook, 'clientConfig', 'service', key)
  return `${service('name')}.${service('namespace')}.svc`
}
