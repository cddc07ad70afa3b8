import { join } from 'node:path'

/** The ports on 127.0.0.1 that a cluster listens on. */
export interface Ports {
  readonly etcd: number
  readonly etcdPeer: number
  readonly apiServer: number
  readonly controllerManager: number
}

/** The files of a cluster, all in its folder. */
export function listFiles(folder: string) {
  return {
    authority: join(folder, 'ca.crt'),
    serverCertificate: join(folder, 'apiserver.crt'),
    serverKey: join(folder, 'apiserver.key'),
    signingKey: join(folder, 'service-account.key'),
    adminKubeconfig: join(folder, 'admin.kubeconfig'),
    controllerManagerKubeconfig: join(folder, 'controller-manager.kubeconfig'),
    auditLog: join(folder, 'audit.log'),
    admission: join(folder, 'admission.yaml'),
    webhookKubeconfig: join(folder, 'webhooks.kubeconfig'),
  } as const
}

export type Files = ReturnType<typeof listFiles>

/** What is safe to lose need not reach the disk. */
export function etcdFlags(folder: string, ports: Ports): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`
  const peer = `http://127.0.0.1:${ports.etcdPeer}`
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
  ]
}

/**
 * Without the endpoint reconciler, or a loopback address would be refused as the one to advertise. Watches are ended when
 * it is: without a grace period of theirs it waits for them, for more than ten seconds.
 */
export function apiServerFlags(folder: string, files: Files, ports: Ports, auditPolicy: string): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.apiServer}`,
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/24',
    `--cert-dir=${folder}`,
    `--tls-cert-file=${files.serverCertificate}`,
    `--tls-private-key-file=${files.serverKey}`,
    `--client-ca-file=${files.authority}`,
    '--authorization-mode=RBAC',
    '--shutdown-watch-termination-grace-period=2s',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.signingKey}`,
    `--service-account-signing-key-file=${files.signingKey}`,
    `--audit-policy-file=${auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
    `--admission-control-config-file=${files.admission}`,
  ]
}

/** Lets kube-apiserver show a client certificate to every webhook that asks for one. */
export function admissionConfiguration(files: Files): object {
  const apiVersion = 'apiserver.config.k8s.io/v1'
  const configuration = { apiVersion, kind: 'WebhookAdmissionConfiguration', kubeConfigFile: files.webhookKubeconfig }
  const plugins = ['MutatingAdmissionWebhook', 'ValidatingAdmissionWebhook'].map(name => ({ name, configuration }))
  return { apiVersion, kind: 'AdmissionConfiguration', plugins }
}

/**
 * With a port of its own: all clusters of a machine would else want 10257. The limits are for large clusters; with the
 * default ones the controllers' ServiceAccounts alone take six seconds, and the tests' come after them.
 */
export function controllerManagerFlags(folder: string, files: Files, ports: Ports): string[] {
  return [
    `--kubeconfig=${files.controllerManagerKubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.controllerManager}`,
    `--cert-dir=${folder}`,
    '--use-service-account-credentials',
    `--service-account-private-key-file=${files.signingKey}`,
    `--root-ca-file=${files.authority}`,
    '--leader-elect=false',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ]
}
