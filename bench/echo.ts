import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

/** The least that a webhook can do on Fastify: parse the review and let it through. What regcred is measured against. */
const [certFile = '', keyFile = ''] = process.argv.slice(2)
const server = Fastify({
  https: { cert: readFileSync(certFile), key: readFileSync(keyFile) },
  bodyLimit: 24 * 1024 * 1024,
  keepAliveTimeout: 120_000,
})
server.post<{ Body: { readonly request: { readonly uid: string } } }>('/validate', async request => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid: request.body.request.uid, allowed: true },
}))
const address = await server.listen({ host: '127.0.0.1', port: 0 })
process.stderr.write(`${JSON.stringify({ msg: 'serving', address })}\n`)
