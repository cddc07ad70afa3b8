import { text } from 'node:stream/consumers'
import t from 'tap'
import { type ClientNames, readAltNames } from '../../src/http/client-names.ts'
import { type Credential, createAuthority } from '../tls/pki.ts'
import { openTo, serveEmpty } from './serve-empty.ts'

const clients = await createAuthority('clients')
const ca = clients.certificate

const REVIEW = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { uid: 'u-1', kind: { group: '', version: 'v1', kind: 'Pod' }, operation: 'CREATE', object: {} },
})

/** What two reviews on one connection are answered; who is not known is answered once. */
async function statusesOf(port: number, { certificate: cert, key }: Credential): Promise<readonly string[]> {
  const socket = await openTo(port, { cert, key })
  const head = `POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${REVIEW.length}\r\n`
  socket.write(`${head}\r\n${REVIEW}`)
  socket.write(`${head}Connection: close\r\n\r\n${REVIEW}`)
  return [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status = '']) => status)
}

const KNOWN = '200'
const UNKNOWN = '401'

type Names = Parameters<typeof clients.issueNamed>
const OTHER: Names[0] = [{ CN: ['tenant'] }]
const cases: {
  readonly name: string
  readonly subject?: Names[0]
  readonly names?: Names[1]
  readonly asked: Partial<ClientNames>
  readonly status: string
}[] = [
  { name: 'no name is asked for', asked: {}, status: KNOWN },
  {
    name: 'the common name',
    subject: [{ CN: ['kube-apiserver'] }],
    asked: { commonNames: ['a', 'kube-apiserver'] },
    status: KNOWN,
  },
  { name: 'another common name', asked: { commonNames: ['kube-apiserver'] }, status: UNKNOWN },
  {
    name: 'a common name in other letters',
    subject: [{ CN: ['Kube-APIserver'] }],
    asked: { commonNames: ['kube-apiserver'] },
    status: UNKNOWN,
  },
  {
    name: 'one of two common names',
    subject: [{ CN: ['kube-apiserver'] }, { CN: ['tenant'] }],
    asked: { commonNames: ['kube-apiserver', 'tenant', 'kube-apiserver,tenant'] },
    status: UNKNOWN,
  },
  {
    name: 'a common name that writes another on a line of its own',
    subject: [{ CN: ['tenant\nCN=kube-apiserver'] }],
    asked: { commonNames: ['kube-apiserver'] },
    status: UNKNOWN,
  },
  {
    name: 'the name as an organization',
    subject: [{ O: ['kube-apiserver'] }],
    asked: { commonNames: ['kube-apiserver', 'undefined'] },
    status: UNKNOWN,
  },
  { name: 'nobody at all', subject: [], asked: { commonNames: ['undefined'] }, status: UNKNOWN },
  {
    name: 'the common name as a DNS name',
    names: [{ type: 'dns', value: 'kube-apiserver' }],
    asked: { commonNames: ['kube-apiserver'] },
    status: UNKNOWN,
  },
  {
    name: 'a DNS name',
    names: [
      { type: 'dns', value: 'b' },
      { type: 'dns', value: 'API.example.com' },
    ],
    asked: { subjectAltNames: ['api.Example.com'] },
    status: KNOWN,
  },
  {
    name: 'a DNS name that is a pattern',
    names: [{ type: 'dns', value: '*.example.com' }],
    asked: { subjectAltNames: ['api.example.com'] },
    status: UNKNOWN,
  },
  {
    name: 'an IPv4 address',
    names: [{ type: 'ip', value: '192.0.2.1' }],
    asked: { subjectAltNames: ['192.0.2.1'] },
    status: KNOWN,
  },
  {
    name: 'an IPv6 address',
    names: [{ type: 'ip', value: '2001:db8::1' }],
    asked: { subjectAltNames: ['2001:0DB8::1'] },
    status: KNOWN,
  },
  {
    name: 'an address as a DNS name',
    names: [{ type: 'dns', value: '192.0.2.1' }],
    asked: { subjectAltNames: ['192.0.2.1'] },
    status: UNKNOWN,
  },
  {
    name: 'a URI',
    names: [{ type: 'url', value: 'spiffe://example.com/a,b' }],
    asked: { subjectAltNames: ['spiffe://example.com/a,b'] },
    status: KNOWN,
  },
  {
    name: 'an e-mail address',
    names: [{ type: 'email', value: 'api@example.com' }],
    asked: { subjectAltNames: ['api@example.com'] },
    status: KNOWN,
  },
  {
    name: 'a DNS name that forges an entry',
    names: [{ type: 'dns', value: 'tenant, DNS:api.example.com' }],
    asked: { subjectAltNames: ['api.example.com'] },
    status: UNKNOWN,
  },
  {
    name: 'an entry that cannot be read before the right one',
    names: [
      { type: 'id', value: '1.2.3' },
      { type: 'dns', value: 'api.example.com' },
    ],
    asked: { subjectAltNames: ['api.example.com'] },
    status: KNOWN,
  },
  {
    name: 'one of both kinds',
    subject: OTHER,
    names: [{ type: 'dns', value: 'api' }],
    asked: { commonNames: ['a'], subjectAltNames: ['api'] },
    status: KNOWN,
  },
]

for (const { name, subject = OTHER, names = [], asked, status } of cases) {
  t.test(`a certificate of the CA, ${name}: ${status}`, async t => {
    const clientNames = { commonNames: [], subjectAltNames: [], ...asked }
    const { port, codes } = await serveEmpty(t, { clientCa: ca, clientNames })
    t.strictSame(
      await statusesOf(port, await clients.issueNamed(subject, names)),
      status === KNOWN ? [KNOWN, KNOWN] : [UNKNOWN],
    )
    if (status === UNKNOWN) t.match(codes, [/^UNKNOWN_CLIENT .*has none of the names of --client-cn or --client-san$/])
    t.notMatch(codes, [/tenant/])
  })
}

t.test('the right name of another CA, and no certificate at all', async t => {
  const clientNames = { commonNames: ['kube-apiserver'], subjectAltNames: [] }
  const { port, codes } = await serveEmpty(t, { clientCa: ca, clientNames })
  const others = await createAuthority('clients')
  t.strictSame(await statusesOf(port, await others.issueClient('kube-apiserver')), [UNKNOWN])
  const server = await clients.issueServer(['kube-apiserver'])
  t.strictSame(await statusesOf(port, server), [UNKNOWN], 'one for servers')
  for (const code of codes) t.match(code, /^UNKNOWN_CLIENT .* is required$/)
})

t.test('alternative names of which one cannot be read count for nothing', async t => {
  t.strictSame(readAltNames('DNS:a, IP Address:2001:DB8:0:0:0:0:0:1'), ['DNS:a', 'IP Address:[2001:db8::1]'])
  for (const text of [undefined, '', 'DNS:a, DNS', 'DNS:"a, DNS:b', 'DNS:a,DNS:b']) t.strictSame(readAltNames(text), [])
})
