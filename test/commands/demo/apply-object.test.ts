import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { applyObject } from '../../../src/commands/demo/apply-object.ts'
import { issueCertificate } from '../../../src/tls/issue.ts'

t.test('a webhook that answers with something else than a review is a bug', async t => {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const answers = [
    { status: 500, body: '{"code": "INTERNAL"}' },
    { status: 200, body: '{"code": "none"}' },
    { status: 200, body: '7' },
  ]
  for (const { status, body } of answers) {
    const server = createServer({ cert, key }, (_request, response) => response.writeHead(status).end(body))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const applying = applyObject(
      { url: `https://127.0.0.1:${port}`, ca },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } },
    )
    await t.rejects(applying, { message: `the webhook answered ${status}` })
    server.close()
    await once(server, 'close')
  }
})
