import { get, getString } from '../kube/untyped.ts'
import type { Issued } from './issue.ts'

/** What the Secret of a self-managed certificate holds, as far as it can be decoded; nothing of it has been tried. */
export interface SecretData {
  /** The pair to serve. */
  readonly current: Issued | undefined
  /** The pair that is to follow once its authority is known. */
  readonly next: Issued | undefined
}

/** The keys of `data`. Those of the current pair are the ones of the type `kubernetes.io/tls`, as cert-manager has them. */
const CURRENT = { cert: 'tls.crt', key: 'tls.key', ca: 'ca.crt' } as const
const NEXT = { cert: 'next-tls.crt', key: 'next-tls.key', ca: 'next-ca.crt' } as const

type Keys = Readonly<Record<keyof Issued, string>>

export function readSecretData(secret: unknown): SecretData {
  return { current: readIssued(secret, CURRENT), next: readIssued(secret, NEXT) }
}

/** The Secret with a pair that is to follow. Everything else of it stays, its resourceVersion too. */
export function withNext(secret: unknown, next: Issued): object {
  return withData(secret, writeIssued(next, NEXT))
}

/** The Secret with another current pair, and none that is to follow. */
export function withCurrent(secret: unknown, current: Issued): object {
  const dropped = Object.fromEntries(Object.values(NEXT).map(key => [key, undefined]))
  return withData(secret, { ...writeIssued(current, CURRENT), ...dropped })
}

function withData(secret: unknown, data: Readonly<Record<string, string | undefined>>): object {
  return { ...Object(secret), data: { ...Object(get(secret, 'data')), ...data } }
}

function readIssued(secret: unknown, keys: Keys): Issued | undefined {
  const [cert, key, ca] = [keys.cert, keys.key, keys.ca].map(name => getString(secret, 'data', name))
  if (!cert || !key || !ca) return undefined
  return { cert: decode(cert), key: decode(key), ca: decode(ca) }
}

function writeIssued({ cert, key, ca }: Issued, keys: Keys): Record<string, string> {
  return { [keys.cert]: encode(cert), [keys.key]: encode(key), [keys.ca]: encode(ca) }
}

function encode(pem: string): string {
  return Buffer.from(`${pem.trim()}\n`).toString('base64')
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}
