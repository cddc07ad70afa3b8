import { documentOf, type ScanDocument } from '../../src/scan/formats/scan-document.ts'
import { cause, scanned, secretOf, workloadOf } from '../scan/formats/scans.ts'

export const NOW = Date.parse('2026-11-28T09:30:00Z')
const DAY_MS = 86_400_000

const recreate = (name: string, namespace: string) =>
  `recreate it: kubectl create secret docker-registry ${name} --namespace ${namespace} --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -`

/** A cluster as there are many: some things are wrong, most are not. */
export function sample(cluster = 'prod-eu-1'): ScanDocument {
  const teamA = scanned('team-a', {
    ...{ workloads: 14, willNotPull: 3 },
    causes: [
      cause('team-a', {
        secret: 'amce',
        problem: 'Secret "amce" does not exist in namespace "team-a"',
        advice: 'did you mean "acme"? Write it in spec.template.spec.imagePullSecrets',
        workloads: [workloadOf('Deployment', 'web', 3), workloadOf('CronJob', 'nightly')],
      }),
    ],
    unexplained: [workloadOf('StatefulSet', 'db', 1)],
    secrets: [
      secretOf('team-a', 'acme', { registries: ['registry.example.com'], named: ['Deployment api'], usedBy: 1 }),
    ],
  })
  const shop = scanned('shop', {
    ...{ workloads: 31, mayNotPull: 1 },
    causes: [
      cause('shop', {
        ...{ level: 'warning', code: 'CredentialsExpired', secret: 'ecr' },
        problem:
          'the credentials for "123456789012.dkr.ecr.eu-central-1.amazonaws.com" in Secret "ecr" expired at 2026-11-25T07:00:00Z, and "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/cart:2.4.1" is pulled with them',
        advice: recreate('ecr', 'shop').replace('recreate it', 'renew them'),
        workloads: [workloadOf('StatefulSet', 'cart')],
      }),
    ],
    secrets: [
      secretOf('shop', 'ecr', {
        registries: ['123456789012.dkr.ecr.eu-central-1.amazonaws.com'],
        ...{ expires: NOW - 3.1 * DAY_MS, named: ['StatefulSet cart'], usedBy: 1 },
      }),
    ],
  })
  const teamB = scanned('team-b', {
    ...{ workloads: 22, mayNotPull: 6 },
    causes: [
      cause('team-b', {
        ...{ level: 'warning', code: 'SecretWrongType', secret: 'hub' },
        problem: 'Secret "hub" has type Opaque, so Kubernetes does not use it',
        advice: recreate('hub', 'team-b'),
        workloads: ['api', 'jobs', 'mail', 'web', 'worker', 'zoo'].map(name => workloadOf('Deployment', name)),
      }),
      cause('team-b', {
        ...{ level: 'note', code: 'EntryCoversNothing', secret: 'docker' },
        problem: 'the registry in Secret "docker" is written "hub.docker.com", which never matches an image',
        ...{ advice: 'write "https://index.docker.io/v1/"', workloads: [] },
      }),
    ],
    secrets: [
      secretOf('team-b', 'old-ghcr', { expires: NOW + 4.2 * DAY_MS, usedBy: 0 }),
      secretOf('team-b', 'docker', { registries: ['hub.docker.com', 'quay.io'], registryCount: 2, usedBy: 0 }),
      secretOf('team-b', 'broken', { registries: [], registryCount: 0, named: ['Pod lone'], usedBy: 1 }),
    ],
    expiring: [
      {
        namespace: 'team-b',
        secret: 'old-ghcr',
        registry: 'ghcr.io',
        expires: NOW + 4.2 * DAY_MS,
        named: [],
        usedBy: 0,
      },
    ],
    unused: ['old-ghcr', 'docker'],
    accounts: [{ namespace: 'team-b', name: 'builder', secret: 'old-ghrc', near: 'old-ghcr' }],
  })
  return documentOf({
    namespaces: [teamA, shop, teamB, scanned('platform', { workloads: 345 }), scanned('legacy', { isLeftOut: true })],
    notRead: [
      {
        ...{ namespace: 'payments', isForbidden: true },
        reason:
          'you may not list secrets in namespace "payments" (403); see the role that is needed: regcred scan --rbac',
      },
    ],
    remarks: ['Deployment shop/odd: spec.containers must be a list'],
    isComplete: false,
    ...{ cluster, now: NOW },
  })
}

/** Texts that break out of HTML, of a script, of an attribute or of a line, and one that is merely long. */
export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  "' onmouseover='alert(4)",
  '<!--<script>',
  'javascript:alert(5)',
  '&lt;b&gt;',
  'a\u2028b\u2029c\u0000d\u001b[31m\ud800',
  '\u202egnp.exe\u202c\u200b\u2066',
  '=HYPERLINK("http://example.com")',
  '<%= it.verdict %>',
  '__proto__',
  'x'.repeat(600_000),
]

/** A scan in which every text is this one. */
export function hostile(word: string): ScanDocument {
  const workloads = [{ kind: word, name: word, waiting: 1 }]
  const names = { namespace: word, secret: word }
  const wrong = { code: word, ...names, message: word, advice: word, workloads }
  return {
    ...{ version: 1, cluster: word, generatedAt: new Date(NOW).toISOString() },
    namespaces: [{ namespace: word, workloads: 1, willNotPull: 1, mayNotPull: 1, leftOut: true }],
    causes: [
      { level: 'error', ...wrong },
      { level: 'warning', ...wrong },
      { level: 'note', ...wrong, workloads: [] },
    ],
    waiting: [{ namespace: word, kind: word, name: word, waiting: 1 }],
    secrets: [
      { ...names, registries: [word], registryCount: 1, expires: null, named: [word], usedBy: 1 },
      { ...names, registries: [], registryCount: 0, expires: null, named: [], usedBy: null },
    ],
    expiring: [{ ...names, registry: word, expires: new Date(NOW + DAY_MS).toISOString(), usedBy: 1 }],
    unused: [names],
    serviceAccounts: [{ ...names, name: word, suggestion: word }],
    notRead: [{ namespace: word, forbidden: true, reason: word }],
    remarks: [word],
    summary: { workloads: 1, willNotPull: 1, mayNotPull: 1, notes: 1, unused: 1 },
  }
}

/** A cluster with so many workloads, each with a cause of its own, and so many pull secrets. */
export function large(workloads: number, secrets: number): ScanDocument {
  const namespaces = Array.from({ length: 50 }, (_, i) => `team-${i}`)
  const scans = namespaces.map((namespace, i) => {
    const own = (length: number) => Array.from({ length: length / namespaces.length }, (_, j) => j)
    return scanned(namespace, {
      ...{ workloads: workloads / namespaces.length, willNotPull: workloads / namespaces.length },
      causes: own(workloads).map(j =>
        cause(namespace, {
          problem: `Secret "missing-${j}" does not exist in namespace "${namespace}"`,
          advice: recreate(`missing-${j}`, namespace),
          workloads: [workloadOf('Deployment', `web-${j}`, j % 3)],
        }),
      ),
      secrets: own(secrets).map(j =>
        secretOf(namespace, `secret-${j}`, {
          registries: [`registry-${j}.example.com`],
          ...{ expires: j % 5 === 0 ? NOW + i * DAY_MS : undefined, named: [`Deployment web-${j}`], usedBy: 1 },
        }),
      ),
    })
  })
  return documentOf({ namespaces: scans, notRead: [], remarks: [], isComplete: true, cluster: 'large', now: NOW })
}
