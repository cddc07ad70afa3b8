import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { type ControlPlane, startControlPlane } from './control-plane/control-plane.ts'
import { startRegcred } from './regcred/regcred.ts'

const USAGE = `Usage: npm run cluster -- [--config FILE] [--bare]

Starts a Kubernetes control plane on free ports of 127.0.0.1, with regcred in front of it, until Ctrl-C.
There are no nodes: Pods are admitted and stored, Deployments turn into Pods, and nothing runs.

  --config FILE  the configuration of regcred
  --bare         without regcred
  --help         this text

Environment:
  KUBEBUILDER_ASSETS  a folder with etcd, kube-apiserver and kubectl, which are built with Go (ten minutes) otherwise
  REGCRED_CACHE       where to keep what was built; ~/.cache/regcred otherwise
  REGCRED_KEEP        if set, the cluster's files and logs stay
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: 'string' }, bare: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const config = values.config === undefined ? {} : readConfig(await readFile(values.config, 'utf8'))
  const interruption = new AbortController()
  // A second one ends this process at once, and the system then ends the cluster.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort())
  const { signal } = interruption
  try {
    const controlPlane = await startControlPlane({ signal })
    try {
      const regcred = values.bare ? undefined : await startRegcred(controlPlane, { config, signal })
      process.stdout.write(describe(controlPlane, regcred?.url))
      while (!signal.aborted) await delay(60_000, undefined, { signal })
    } finally {
      await controlPlane.stop()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function readConfig(text: string): Record<string, unknown> {
  const config: unknown = parse(text)
  if (typeof config !== 'object' || config === null) throw new Error('the configuration is not a YAML mapping')
  return { ...config }
}

function describe({ folder, kubeconfig, assets, server }: ControlPlane, url: string | undefined): string {
  const front = url === undefined ? '' : `regcred ${url} is in front of it; its log is ${folder}/regcred.log\n`
  return `kube-apiserver is at ${server}
${front}
In another terminal:

  export KUBECONFIG=${kubeconfig} PATH=${dirname(assets.kubectl)}:$PATH
  kubectl apply -f examples/private-reg-pod.yaml

Ctrl-C ends it.
`
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
