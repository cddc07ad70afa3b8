import type { Scan, ScanCause, ScannedNamespace, ScannedSecret, Workload } from '../../../src/scan/scan.ts'

/** A scan of these namespaces, and nothing else. */
export function scanOf(...namespaces: readonly ScannedNamespace[]): Scan {
  return { namespaces, notRead: [], remarks: [], isComplete: true, cluster: undefined, now: 0 }
}

/** A namespace in which nothing is wrong, but for what is said. */
export function scanned(namespace: string, parts: Partial<ScannedNamespace> = {}): ScannedNamespace {
  return {
    ...{ namespace, workloads: 1, willNotPull: 0, mayNotPull: 0, isLeftOut: false },
    ...{ causes: [], unexplained: [], secrets: [], expiring: [], unused: [], accounts: [] },
    ...parts,
  }
}

export function cause(namespace: string, parts: Partial<ScanCause> = {}): ScanCause {
  const workloads = [workloadOf('Deployment', 'web')]
  const [level, code, problem, advice] = ['error', 'SecretNotFound', 'Secret "x" does not exist', ''] as const
  return { level, code, namespace, secret: 'x', problem, advice, workloads, ...parts }
}

/** A pull secret for one registry that says nothing of when it expires, nor who uses it. */
export function secretOf(namespace: string, secret: string, parts: Partial<ScannedSecret> = {}): ScannedSecret {
  const unknown = { expires: undefined, named: [], usedBy: undefined }
  return { namespace, secret, registries: ['ghcr.io'], registryCount: 1, ...unknown, ...parts }
}

export function workloadOf(kind: string, name: string, waiting = 0): Workload {
  return { kind, name, waiting }
}
