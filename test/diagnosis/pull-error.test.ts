import t from 'tap'
import { readPullError } from '../../src/diagnosis/pull-error.ts'

const IMAGE = 'registry.example.com/acme/web:404'
const CONTAINERD = `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": `

/** What containerd, CRI-O and registries say, in their own words, and what it means. */
const MESSAGES: readonly (readonly [message: string, kind: string])[] = [
  [
    `${CONTAINERD}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
    'unauthorized',
  ],
  [
    `${CONTAINERD}unexpected status from HEAD request to https://registry.example.com/v2/acme/web/manifests/404: 401 Unauthorized`,
    'unauthorized',
  ],
  [
    `${CONTAINERD}failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`,
    'unauthorized',
  ],
  ['unable to retrieve auth token: invalid username/password: unauthorized: authentication required', 'unauthorized'],
  [
    'initializing source docker://registry.example.com/acme/web:v1: reading manifest v1 in registry.example.com/acme/web: unauthorized: access to the requested resource is not authorized',
    'unauthorized',
  ],
  [
    `${CONTAINERD}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
    'denied',
  ],
  [
    `${CONTAINERD}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%3Apull&service=ghcr.io: 403 Forbidden`,
    'denied',
  ],
  ['reading manifest latest in docker.io/acme/web: requested access to the resource is denied', 'denied'],
  [`rpc error: code = NotFound desc = ${CONTAINERD}${IMAGE}: not found`, 'notFound'],
  ['reading manifest v1 in registry.example.com/acme/web: manifest unknown: manifest unknown', 'notFound'],
  [
    `${CONTAINERD}unexpected status from HEAD request to https://registry-1.docker.io/v2/acme/web/manifests/v1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.`,
    'rateLimited',
  ],
  [
    `${CONTAINERD}failed to do request: Head "https://registry.example.com/v2/acme/web/manifests/v1": dial tcp: lookup registry.example.com: no such host`,
    'unreachable',
  ],
  [
    `${CONTAINERD}failed to do request: Head "https://10.0.0.1/v2/": dial tcp 10.0.0.1:443: connect: connection refused`,
    'unreachable',
  ],
  [
    `${CONTAINERD}failed to do request: Head "https://registry.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    'certificate',
  ],
  [
    `${CONTAINERD}failed to do request: Head "https://registry.example.com:5000/v2/": http: server gave HTTP response to HTTPS client`,
    'plainHttp',
  ],
  [`failed to pull and unpack image "${IMAGE}": no match for platform in manifest: not found`, 'platform'],
  [
    'failed to pull and unpack image: failed to extract layer: write /var/lib/containerd/x: no space left on device',
    'noSpace',
  ],
  [
    `${CONTAINERD}unexpected status from HEAD request to https://registry.example.com/v2/acme/web/manifests/v1: 503 Service Unavailable`,
    'serverError',
  ],
  ['read tcp 10.0.0.1:443: read: connection reset by peer', 'unreachable'],
  ['net/http: TLS handshake timeout', 'unreachable'],
  ['failed to copy: httpReadSeeker: unexpected EOF', 'unreachable'],
  ['proxyconnect tcp: 407 Proxy Authentication Required', 'proxy'],
  ['pull QPS exceeded', 'node'],
  ['open /var/lib/docker/tmp/x: permission denied', 'node'],
  ['write /var/lib/x: disk quota exceeded', 'noSpace'],
  ['Source image rejected: A signature was required, but no signature exists', 'unverified'],
  ['unexpected media type text/html for sha256:0: not found', 'other'],
  [
    `initializing source docker://${IMAGE}: reading manifest 404 in registry.example.com/acme/web: authentication required`,
    'unauthorized',
  ],
  [`manifest for ${IMAGE} unknown: manifest unknown`, 'notFound'],
  ['', 'other'],
  ['the plugin of the node has a fault', 'other'],
]

for (const [message, kind] of MESSAGES) {
  t.test(`${kind}: ${message.slice(-70)}`, async t => {
    t.equal(readPullError('ImagePullBackOff', message, IMAGE).kind, kind)
    const wrapped = `Back-off pulling image "${IMAGE}": ErrImagePull: ${message}`
    t.equal(readPullError('ErrImagePull', wrapped, IMAGE).kind, kind, 'the same in what a newer kubelet says')
  })
}

t.test('some reasons say all', async t => {
  t.equal(readPullError('InvalidImageName', 'Failed to apply default image tag', IMAGE).kind, 'invalidName')
  t.equal(
    readPullError('ErrImageNeverPull', 'Container image is not present with pull policy of Never', IMAGE).kind,
    'neverPull',
  )
  t.equal(readPullError('SignatureValidationFailed', '', IMAGE).kind, 'unverified')
  t.equal(readPullError('RegistryUnavailable', '', IMAGE).kind, 'unreachable')
  t.equal(readPullError('ImageInspectError', '', IMAGE).kind, 'node')
  t.equal(readPullError('constructor', '', IMAGE).kind, 'other')
})

t.test('what is quoted or an address says nothing: a tag may be a number', async t => {
  t.equal(
    readPullError('ErrImagePull', 'failed to pull "a/web:401" from https://a/v2/web/manifests/401', IMAGE).kind,
    'other',
  )
})

t.test('of what is not known the end is told, and who logs in where is not', async t => {
  const { said } = readPullError(
    'ErrImagePull',
    `${'x'.repeat(9000)} odd fault of https://jane:hunter2@a.example.com/v2?token=t0p`,
    IMAGE,
  )
  t.ok(said.length <= 160)
  const short = readPullError('ErrImagePull', 'odd fault of https://jane:hunter2@a.example.com/v2?token=t0p', IMAGE)
  t.equal(short.said, 'odd fault of https://a.example.com/v2')
  const slash = 'odd https://jane:s3cr/et@a.example.com/ with Authorization: Bearer eyJhbGci.x'
  t.equal(readPullError('ErrImagePull', slash, '').said, 'odd https://a.example.com/ with Authorization: Bearer …')
})

t.test('a page of megabytes costs no more than its beginning', async t => {
  t.equal(
    readPullError('ErrImagePull', `${'"'.repeat(3_000_000)} 401`, IMAGE).kind,
    'unauthorized',
    'the cause is at its end',
  )
  t.equal(readPullError('ErrImagePull', `401${'x'.repeat(3_000_000)}`, IMAGE).kind, 'other')
})
