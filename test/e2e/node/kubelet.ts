import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { NodeAssets } from '../build/assets.ts'
import { PROGRAM_FOLDERS } from '../build/programs.ts'
import { type Component, startComponent } from '../control-plane/component.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { SOCKET } from './containerd.ts'
import { type CredentialProvider, writeProviders } from './credentials/credential-provider.ts'
import { NODE_ADDRESS } from './namespaces.ts'

/** The name of the node. */
export const NODE = 'node'

/** What makes a node of a container runtime, in the order of their start. */
export async function startNodeComponents(
  controlPlane: ControlPlane,
  assets: NodeAssets,
  folder: string,
  providers: readonly CredentialProvider[],
): Promise<Component[]> {
  const log = (name: string) => join(folder, `${name}.log`)
  const config = join(folder, 'kubelet.yaml')
  const manifests = join(folder, 'manifests')
  await mkdir(manifests)
  await writeFile(join(folder, 'resolv.conf'), '')
  await writeFile(config, stringify(kubeletConfiguration(folder, manifests, controlPlane.authorityFile)))
  // The kubelet may else look for it before it has made it, and waits for minutes then.
  outputOf(await controlPlane.kubectl(['create', '-f', '-'], { input: JSON.stringify(NODE_OBJECT) }))
  return [
    startComponent(
      assets.kubelet,
      [
        `--config=${config}`,
        `--kubeconfig=${await controlPlane.addUser(`system:node:${NODE}`, ['system:nodes'])}`,
        `--hostname-override=${NODE}`,
        `--node-ip=${NODE_ADDRESS}`,
        ...(await writeProviders(folder, providers)),
      ],
      log('kubelet'),
      { env: WITH_SYSTEM_PROGRAMS },
    ),
    startComponent(
      assets.kubeScheduler,
      [
        `--kubeconfig=${await controlPlane.addUser('system:kube-scheduler')}`,
        '--bind-address=127.0.0.1',
        '--leader-elect=false',
      ],
      log('kube-scheduler'),
    ),
    startComponent(
      assets.kubeProxy,
      [
        `--kubeconfig=${await controlPlane.addUser('system:kube-proxy')}`,
        `--hostname-override=${NODE}`,
        '--proxy-mode=iptables',
        '--conntrack-max-per-core=0',
        '--conntrack-min=0',
        '--conntrack-tcp-timeout-established=0s',
        '--conntrack-tcp-timeout-close-wait=0s',
      ],
      log('kube-proxy'),
      { env: WITH_SYSTEM_PROGRAMS },
    ),
  ]
}

/** The environment of what starts programs such as iptables and mount. */
export const WITH_SYSTEM_PROGRAMS = { ...process.env, PATH: [process.env['PATH'], ...PROGRAM_FOLDERS].join(':') }

const NODE_OBJECT = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: NODE, labels: { 'kubernetes.io/hostname': NODE, 'kubernetes.io/os': 'linux' } },
}

/**
 * No cgroups for qualities of service and no limits of the machine's: it belongs to others as well. What a kubelet else spares
 * a registry and the API server (pulls and events a second) is not spared.
 */
function kubeletConfiguration(folder: string, manifests: string, authority: string) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: authority } },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    containerRuntimeEndpoint: `unix://${SOCKET}`,
    enforceNodeAllocatable: [],
    eventRecordQPS: 0,
    evictionHard: { 'memory.available': '1Mi', 'nodefs.available': '1Mi', 'imagefs.available': '1Mi' },
    failCgroupV1: false,
    failSwapOn: false,
    imageGCHighThresholdPercent: 100,
    localStorageCapacityIsolation: false,
    maxPods: 250,
    podLogsDir: '/var/log/pods',
    registryPullQPS: 0,
    resolvConf: join(folder, 'resolv.conf'),
    serializeImagePulls: false,
    staticPodPath: manifests,
    volumePluginDir: join(folder, 'volume-plugins'),
  }
}
