import type { WholeCluster } from '../ask/cluster.ts'
import { RESOURCES } from '../ask/resources.ts'
import { getText } from '../kube/untyped.ts'
import { notAfter, parseCertificates } from '../tls/pair.ts'
import { faultOfTrust } from '../tls/trust.ts'
import { flagOf, type Installation, volumeOf } from './installation.ts'
import type { Part } from './part.ts'
import { nameOf } from './read-webhooks.ts'
import { unlessForbidden } from './unless-forbidden.ts'

const PART = 'certificate'
/** Time that a certificate has left when it should have been renewed: both ways of the chart renew weeks before. */
const MIN_LEFT_MS = 7 * 86_400_000

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/**
 * What is held as the certificate of the server, and whether the webhooks trust it. Of the Secret no more than the certificate is looked at.
 *
 * | the first that fits                                  | state   |
 * | ---------------------------------------------------- | ------- |
 * | the Secret may not be read, or is not known          | unknown |
 * | there is none, or it holds no certificate            | bad     |
 * | a webhook does not trust it                          | bad     |
 * | it has expired                                       | bad     |
 * | it expires within a week                             | odd     |
 * | any other                                            | good    |
 *
 * @param now milliseconds since the epoch
 * @throws {AskError} where the cluster does not answer
 */
export async function readCertificate(
  cluster: WholeCluster,
  installation: Installation,
  webhooks: readonly unknown[],
  now: number,
): Promise<Part> {
  const { namespace, name } = installation
  const secret = flagOf(installation, '--tls-self-managed-secret') ?? secretOf(volumeOf(installation, 'tls'))
  if (secret === '') return { part: PART, state: 'unknown', text: 'the Secret of the certificate is not known' }
  const reading = await unlessForbidden(cluster.within(namespace).find(RESOURCES.Secret, secret))
  if ('forbidden' in reading) return { part: PART, state: 'unknown', text: reading.forbidden }
  const next = `See why: kubectl logs --namespace ${namespace} deployment/${name}`
  const cert = Buffer.from(getText(reading.value, 'data', 'tls.crt'), 'base64').toString()
  if (reading.value === undefined || parseCertificates(cert) === undefined) {
    const lack = reading.value === undefined ? 'does not exist' : 'holds no certificate yet'
    return { part: PART, state: 'bad', text: `Secret "${secret}" ${lack}`, next }
  }
  const end = notAfter({ cert })
  const facts = { secret, notAfter: new Date(end).toISOString() }
  const distrust = findDistrust(webhooks, cert, now)
  if (distrust !== undefined) return { part: PART, state: 'bad', text: distrust, next, facts }
  const until = DAY.format(end)
  if (end <= now) return { part: PART, state: 'bad', text: `the certificate expired on ${until}`, next, facts }
  const trusted = webhooks.length === 0 ? '' : ', and the webhooks trust it'
  if (end - now < MIN_LEFT_MS) {
    return {
      part: PART,
      state: 'odd',
      text: `the certificate was not renewed: good until ${until}${trusted}`,
      next,
      facts,
    }
  }
  return { part: PART, state: 'good', text: `the certificate is good until ${until}${trusted}`, facts }
}

/** cert-manager's, or one's own. */
function secretOf(volume: unknown): string {
  return getText(volume, 'secret', 'secretName')
}

function findDistrust(webhooks: readonly unknown[], cert: string, now: number): string | undefined {
  for (const webhook of webhooks) {
    const fault = faultOfTrust(webhook, cert, now)
    if (fault !== undefined) return `webhook "${nameOf(webhook)}" ${fault}`
  }
  return undefined
}
