import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { poll } from '../../processes/poll.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'

/** Where the custom resources of the chart and its examples are defined, pinned: the modules of those who serve them. */
const SOURCES = [
  {
    module: 'github.com/cert-manager/cert-manager@v1.21.2',
    files: ['deploy/crds/cert-manager.io_certificates.yaml', 'deploy/crds/cert-manager.io_issuers.yaml'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: ['podmonitors', 'prometheusrules', 'servicemonitors'].map(
      plural => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
  { module: 'github.com/argoproj/argo-cd/v3@v3.3.0', files: ['manifests/crds/application-crd.yaml'] },
]
const KINDS = [
  'applications.argoproj.io',
  'issuers.cert-manager.io',
  'certificates.cert-manager.io',
  'servicemonitors.monitoring.coreos.com',
]

/** Defines the custom resources, as cert-manager, the Prometheus operator and Argo CD do, and waits until they are served. */
export async function defineCustomResources(kubectl: Kubectl): Promise<void> {
  for (const { module, files } of SOURCES) {
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], { cwd: tmpdir() })
    const { Dir: folder } = JSON.parse(stdout)
    for (const file of files) outputOf(await kubectl(['create', '-f', join(folder, file)]))
  }
  for (const kind of KINDS) {
    await poll(`${kind} are served`, async () => ((await kubectl(['get', kind])).code === 0 ? true : undefined))
  }
}
