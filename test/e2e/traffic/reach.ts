import { Agent, request } from 'undici'

/** What the product answered, its patch decoded. */
export interface GivenResponse {
  readonly uid: string
  readonly allowed: boolean
  readonly patch?: readonly unknown[]
  readonly warnings?: readonly string[]
  readonly auditAnnotations?: Readonly<Record<string, string>>
  readonly status?: { readonly message: string }
}

/** As it is sent. */
interface SentResponse extends Omit<GivenResponse, 'patch'> {
  readonly patch?: string
  readonly patchType?: 'JSONPatch'
}

interface Posted {
  readonly status: number
  /** The body as it came. */
  readonly given: string
  /** Undefined where the status is not 200. */
  readonly response: GivenResponse | undefined
}

/** Reaches the product itself, without an API server between. */
export function reach({ url, authority }: { readonly url: string; readonly authority: string }) {
  const dispatcher = new Agent({ connect: { ca: authority }, allowH2: false })
  return {
    /** @param path of a webhook, e.g. `/mutate?timeout=10s` */
    async post(path: string, review: string): Promise<Posted> {
      const headers = { 'content-type': 'application/json' }
      const { statusCode, body } = await request(`${url}${path}`, {
        dispatcher,
        method: 'POST',
        headers,
        body: review,
      })
      const given = await body.text()
      const response = statusCode === 200 ? decodePatch(JSON.parse(given).response) : undefined
      return { status: statusCode, given, response }
    },
    async get(path: string): Promise<string> {
      const { body } = await request(`${url}${path}`, { dispatcher })
      return body.text()
    },
    close: () => dispatcher.close(),
  }
}

function decodePatch({ patch, patchType: _, ...response }: SentResponse): GivenResponse {
  if (patch === undefined) return response
  return { ...response, patch: JSON.parse(Buffer.from(patch, 'base64').toString()) }
}
