/**
 * Why a node could not pull an image, by the words of its container runtime:
 *
 * | kind         | the registry or the node                                                       |
 * | ------------ | ------------------------------------------------------------------------------ |
 * | unauthorized | wants a login, or turned one down (401)                                        |
 * | denied       | knows who asks, or does not tell: no right to the image, or no such image (403) |
 * | notFound     | has no such image, or does not show it (404)                                   |
 * | rateLimited  | has had too many pulls (429)                                                   |
 * | serverError  | has a fault of its own (5xx)                                                   |
 * | unreachable  | cannot be reached by name or address, or breaks off                            |
 * | proxy        | is not reached, because the proxy of the node wants a login of its own (407)   |
 * | certificate  | shows a certificate that the node does not trust                               |
 * | plainHttp    | does not speak TLS                                                             |
 * | platform     | has the image, for other machines                                              |
 * | noSpace      | has no room for it (the node)                                                  |
 * | node         | has a fault of its own (the node), or pulls too much at once                   |
 * | invalidName  | was never asked: the name of the image is not valid                            |
 * | neverPull    | was never asked: `imagePullPolicy: Never`, and the node may not use the image  |
 * | unverified   | has it, and its signature is not accepted                                      |
 * | other        | said something else                                                            |
 */
type PullErrorKind =
  | 'unauthorized'
  | 'denied'
  | 'notFound'
  | 'rateLimited'
  | 'serverError'
  | 'unreachable'
  | 'proxy'
  | 'certificate'
  | 'plainHttp'
  | 'platform'
  | 'noSpace'
  | 'node'
  | 'invalidName'
  | 'neverPull'
  | 'unverified'
  | 'other'

/** What a node said of an image that it did not pull. */
export interface PullError {
  readonly kind: PullErrorKind
  /** In a few words, e.g. `401 Unauthorized`; the node's own where they are not known. */
  readonly said: string
}

/** Characters of a message that are looked at, half of them at its end, where the cause stands: a registry may answer with a page. */
const MAX_MESSAGE_LENGTH = 4096
/** Characters of it that are told. */
const MAX_SAID_LENGTH = 160

/** Reasons for which a container waits that say all. */
const BY_REASON: Readonly<Record<string, PullError>> = {
  InvalidImageName: { kind: 'invalidName', said: 'the image name is not valid' },
  ErrImageNeverPull: { kind: 'neverPull', said: 'imagePullPolicy is Never, and the node may not use the image' },
  SignatureValidationFailed: { kind: 'unverified', said: 'the signature of the image is not accepted' },
  RegistryUnavailable: { kind: 'unreachable', said: 'the registry is not available' },
  ImageInspectError: { kind: 'node', said: 'the node cannot look at the image that it has' },
}

/**
 * The first that fits counts. Docker Hub and others answer an image that is not there like one that is private, so what they say
 * of rights stands before what they say of existence.
 */
const PATTERNS: readonly (readonly [pattern: RegExp, kind: PullErrorKind, said: string])[] = [
  [/\b407\b|proxy authentication required/i, 'proxy', '407 Proxy Authentication Required'],
  [/\b429\b|toomanyrequests|too many requests|pull rate limit/i, 'rateLimited', '429 Too Many Requests'],
  [/no space left on device|disk quota exceeded/i, 'noSpace', 'no space left on the node'],
  [/pull QPS exceeded|context canceled|permission denied|dial unix/i, 'node', 'the node has a fault of its own'],
  [/signature/i, 'unverified', 'the signature of the image is not accepted'],
  [/server gave HTTP response to HTTPS client/i, 'plainHttp', 'the registry does not speak TLS'],
  [/x509: |tls: |certificate (?:signed|is not|has expired)/i, 'certificate', 'its certificate is not trusted'],
  [
    /no such host|dial tcp|connection (?:refused|reset)|i\/o timeout|handshake timeout|no route to host|network is unreachable|unexpected EOF|broken pipe|Client\.Timeout|context deadline exceeded/i,
    'unreachable',
    'the registry cannot be reached',
  ],
  [/no basic auth credentials/i, 'unauthorized', '401 Unauthorized, without a login'],
  [
    /\b401\b|\bunauthorized\b|authentication required|incorrect username or password/i,
    'unauthorized',
    '401 Unauthorized',
  ],
  [/\b403\b|\bforbidden\b|insufficient_scope|\bdenied\b/i, 'denied', '403 Forbidden'],
  [
    /no match for platform|no matching manifest|no image found in (?:manifest|image) (?:list|index)/i,
    'platform',
    'the image is not for this machine',
  ],
  [/unexpected media type/i, 'other', 'what answered is no registry'],
  [/\b404\b|not found|manifest unknown|name unknown|MANIFEST_UNKNOWN|NAME_UNKNOWN/i, 'notFound', '404 Not Found'],
  [
    /\b50[0234]\b|internal server error|bad gateway|service unavailable/i,
    'serverError',
    'the registry has a fault of its own',
  ],
]

/**
 * Reads what the kubelet says of a container that waits, or of a pull that failed.
 *
 * @param reason e.g. `ErrImagePull`
 * @param message what containerd, CRI-O or another runtime said, of any length
 * @param image as the Pod names it: what its name says, the registry has not said
 */
export function readPullError(reason: string, message: string, image: string): PullError {
  const known = Object.hasOwn(BY_REASON, reason) ? BY_REASON[reason] : undefined
  if (known !== undefined) return known
  const looked = cutMiddle(message)
  const words = withoutNames(looked, image)
  for (const [pattern, kind, said] of PATTERNS) if (pattern.test(words)) return { kind, said }
  return { kind: 'other', said: lastWords(looked) }
}

/** Errors stand in one another, with a colon between them, the cause at the end. */
function cutMiddle(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message
  const half = MAX_MESSAGE_LENGTH / 2
  return `${message.slice(0, half)} … ${message.slice(-half)}`
}

/** A name may have any number or word in it, such as a tag `404`; containerd quotes it, and others do not. */
function withoutNames(message: string, image: string): string {
  const unquoted = message.replaceAll(/\\?"[^"\\]*\\?"/g, '""').replaceAll(/(?:https?|docker):\/\/[^\s"]+/g, 'URL')
  const unnamed = image === '' ? unquoted : unquoted.replaceAll(image, 'IMAGE')
  return unnamed.replaceAll(/\bmanifest \S+ in \S+/g, 'manifest')
}

/** Who logs in where is not told. */
function lastWords(message: string): string {
  const words = message
    .replaceAll(/(https?:\/\/)[^\s"]*@/g, '$1')
    .replaceAll(/\?[^\s"]*/g, '')
    .replaceAll(/\b(bearer|basic) \S+/gi, '$1 …')
  if (words.length <= MAX_SAID_LENGTH) return words
  return `…${words.slice(1 - MAX_SAID_LENGTH).toWellFormed()}`
}
