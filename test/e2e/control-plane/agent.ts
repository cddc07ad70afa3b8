import { readFile } from 'node:fs/promises'
import { Agent } from 'undici'
import { parse } from 'yaml'

/** Connects as the administrator of a kubeconfig, for requests of which a kubectl each would take too long. */
export async function openAgent(kubeconfig: string): Promise<Agent> {
  const { clusters, users } = parse(await readFile(kubeconfig, 'utf8'))
  const decode = (text: string) => Buffer.from(text, 'base64').toString()
  const { user } = users[0]
  return new Agent({
    connect: {
      ca: decode(clusters[0].cluster['certificate-authority-data']),
      cert: decode(user['client-certificate-data']),
      key: decode(user['client-key-data']),
    },
    allowH2: false,
    headersTimeout: 40_000,
  })
}
