import { ApiError } from '../../src/kube/api-error.ts'
import type { Objects } from '../../src/kube/objects.ts'
import { get, getString } from '../../src/kube/untyped.ts'

const NAMESPACE = 'regcred-system'
export const SECRET = `/api/v1/namespaces/${NAMESPACE}/secrets/regcred-tls`
const ADMISSION = '/apis/admissionregistration.k8s.io/v1'
export const CONFIGURATIONS = [
  `${ADMISSION}/mutatingwebhookconfigurations/regcred`,
  `${ADMISSION}/validatingwebhookconfigurations/regcred`,
]

interface FakeOptions {
  /** Called before each request; what it throws fails the request. */
  readonly before?: (verb: 'get' | 'update', path: string) => Promise<void> | void
  /** Called after each write. */
  readonly written?: (path: string) => void
}

/** A Secret without data and two webhook configurations, kept as an API server keeps them: a write needs the last version. */
export class FakeObjects implements Pick<Objects, 'get' | 'replace'> {
  readonly objects = new Map<string, object>([
    [SECRET, { kind: 'Secret', metadata: { name: 'regcred-tls', labels: { a: 'b' } }, type: 'Opaque' }],
    ...CONFIGURATIONS.map((path, i): [string, object] => [
      path,
      { metadata: { name: 'regcred' }, webhooks: Array.from({ length: i + 1 }, (_, j) => fakeWebhook(`${i}-${j}`)) },
    ]),
  ])
  options: FakeOptions
  /** Writes that were in conflict with another. */
  conflicts = 0
  #version = 0

  constructor(options: FakeOptions = {}) {
    this.options = options
    for (const [path, object] of this.objects) this.put(path, object)
  }

  async get(path: string): Promise<unknown> {
    await this.options.before?.('get', path)
    return structuredClone(this.#find(path))
  }

  async replace(path: string, object: unknown): Promise<boolean> {
    await this.options.before?.('update', path)
    const isLast = version(object) === version(this.#find(path))
    if (isLast) this.put(path, Object(object))
    else this.conflicts += 1
    return isLast
  }

  /** Writes as somebody who has just read; sent as JSON, so that what is undefined is gone. */
  put(path: string, object: object): void {
    this.#version += 1
    const metadata = { ...Object(get(object, 'metadata')), resourceVersion: String(this.#version) }
    this.objects.set(path, JSON.parse(JSON.stringify({ ...object, metadata })))
    this.options.written?.(path)
  }

  /** Writes `data` of the Secret, from text. */
  putSecret(data: Readonly<Record<string, string>>): void {
    const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
    this.put(SECRET, { ...this.objects.get(SECRET), data: Object.fromEntries(encoded) })
  }

  /** `data` of the Secret, as text. */
  get secret(): Readonly<Record<string, string>> {
    const data: Record<string, string> = Object(get(this.objects.get(SECRET), 'data'))
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)]))
  }

  /** What each webhook trusts: the certificates of its bundle. */
  get bundles(): readonly (readonly string[])[] {
    const webhooks = CONFIGURATIONS.flatMap(path => get(this.objects.get(path), 'webhooks') as unknown[])
    return webhooks.map(webhook => {
      const pem = atob(getString(webhook, 'clientConfig', 'caBundle') ?? '')
      return pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n/g) ?? []
    })
  }

  #find(path: string): unknown {
    const found = this.objects.get(path)
    if (found === undefined) throw new ApiError('refused', { status: 404, reason: 'NotFound' })
    return found
  }
}

function fakeWebhook(name: string): object {
  return { name: `${name}.regcred.dev`, clientConfig: { service: { name: 'regcred', namespace: NAMESPACE } } }
}

function version(object: unknown): string | undefined {
  return getString(object, 'metadata', 'resourceVersion')
}
