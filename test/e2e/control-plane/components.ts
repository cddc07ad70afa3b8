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
    kubeletClientCertificate: join(folder, 'kubelet-client.crt'),
    kubeletClientKey: join(folder, 'kubelet-client.key'),
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

/** The address of the Service `kubernetes`: the first one of SERVICES. */
export const API_SERVICE = '10.0.0.1'
const SERVICES = '10.0.0.0/24'

/**
 * Without a node there is no address to advertise: a loopback one would be refused, so the endpoint reconciler is off.
 * Watches are ended when it is: without a grace period of theirs it waits for them, for more than ten seconds.
 *
 * @param address of the node that it runs on, if there is one
 */
export function apiServerFlags(
  folder: string,
  files: Files,
  ports: Ports,
  auditPolicy: string,
  address: string | undefined,
): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--secure-port=${ports.apiServer}`,
    `--service-cluster-ip-range=${SERVICES}`,
    ...(address === undefined
      ? ['--bind-address=127.0.0.1', '--endpoint-reconciler-type=none', '--authorization-mode=RBAC']
      : nodeFlags(files, address)),
    `--cert-dir=${folder}`,
    `--tls-cert-file=${files.serverCertificate}`,
    `--tls-private-key-file=${files.serverKey}`,
    `--client-ca-file=${files.authority}`,
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

/** Endpoints are called directly, as there is no kube-proxy before the first Pod runs. */
function nodeFlags(files: Files, address: string): string[] {
  return [
    '--bind-address=0.0.0.0',
    `--advertise-address=${address}`,
    '--enable-aggregator-routing=true',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-client-certificate=${files.kubeletClientCertificate}`,
    `--kubelet-client-key=${files.kubeletClientKey}`,
  ]
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
