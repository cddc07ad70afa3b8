import t from 'tap'
import { AskError, EVERYWHERE } from '../../src/ask/ask-error.ts'
import { ApiError, type ApiErrorCode, type ApiErrorDetails } from '../../src/kube/api-error.ts'

const question = {
  server: 'https://jane:hunter2@cluster.example:6443',
  verb: 'list',
  resource: 'secrets',
  namespace: 'team-a',
  timeout: 10_000,
} as const
const AT = 'the API server https://cluster.example:6443'

const cases: readonly [ApiErrorCode, ApiErrorDetails, string][] = [
  ['silent', {}, `${AT} did not answer within 10 s; try again, or wait longer: --request-timeout 60s`],
  [
    'unreachable',
    { reason: 'ECONNREFUSED' },
    `${AT} cannot be reached (ECONNREFUSED); is it running, and is it the one that you mean? kubectl config get-contexts`,
  ],
  [
    'unreachable',
    {},
    `${AT} cannot be reached; is it running, and is it the one that you mean? kubectl config get-contexts`,
  ],
  [
    'unreachable',
    { reason: 'SELF_SIGNED_CERT_IN_CHAIN' },
    `the certificate of ${AT} is not trusted (SELF_SIGNED_CERT_IN_CHAIN); correct certificate-authority-data in the kubeconfig`,
  ],
  [
    'credentials',
    { detail: 'the exec plugin "aws" has not answered' },
    'the credentials of the kubeconfig cannot be read (the exec plugin "aws" has not answered); correct the user in the kubeconfig, or choose another: --context NAME',
  ],
  [
    'garbage',
    { detail: 'not JSON' },
    'https://cluster.example:6443 does not answer as an API server does; correct the server in the kubeconfig',
  ],
  ['tooLarge', {}, 'the API server sent more secrets at once than can be read (16 MiB)'],
  ['refused', { status: 401 }, `${AT} does not accept your credentials (401); log in again, then: kubectl auth whoami`],
  [
    'refused',
    { status: 403, reason: 'Forbidden' },
    'you may not list secrets in namespace "team-a" (403); ask whoever runs the cluster for it, or see: kubectl auth can-i --list --namespace team-a',
  ],
  [
    'refused',
    { status: 404 },
    'https://cluster.example:6443 has no secrets (404): it is not an API server, or too old; correct the server in the kubeconfig',
  ],
  ['refused', { status: 410 }, 'the secrets of namespace "team-a" changed while they were listed (410); try again'],
  ['refused', { status: 429, retryAfter: 1500 }, `${AT} has too much to do (429); try again in 2 s`],
  ['refused', { status: 429 }, `${AT} has too much to do (429); try again later`],
  [
    'refused',
    { status: 500, reason: 'InternalError', detail: 'boom' },
    `${AT} has an error (500, InternalError); try again, or see: kubectl get --raw '/readyz?verbose'`,
  ],
]

t.test(
  'each failure is a sentence that says what to do, and shows neither a user nor what the server wrote',
  async t => {
    for (const [code, details, sentence] of cases)
      t.equal(new AskError(new ApiError(code, details), question).message, sentence)
  },
)

t.test('the path of a proxy is a part of the server', async t => {
  const { message } = new AskError(new ApiError('garbage'), {
    ...question,
    server: 'https://rancher.example/k8s/clusters/c',
  })
  t.match(message, /^https:\/\/rancher.example\/k8s\/clusters\/c does not/)
})

t.test('what is asked of the whole cluster names no namespace', async t => {
  const tell = (status: number) =>
    new AskError(new ApiError('refused', { status }), { ...question, namespace: EVERYWHERE }).message
  t.equal(
    tell(403),
    'you may not list secrets of the whole cluster (403); ask whoever runs the cluster for it, or see: kubectl auth can-i --list',
  )
  t.equal(tell(410), 'the secrets changed while they were listed (410); try again')
})
