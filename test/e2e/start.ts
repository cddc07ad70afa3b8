import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { type ControlPlane, startControlPlane } from './control-plane/control-plane.ts'
import { DOOR, type Door, openDoor, startBehindDoor } from './node/door.ts'
import { NODE_ADDRESS } from './node/namespaces.ts'
import { startNode } from './node/node.ts'
import { JANE } from './node/registry.ts'
import { startRegcred } from './regcred/regcred.ts'

const USAGE = `Usage: npm run cluster -- [--config FILE] [--bare] [--node]

Starts a Kubernetes control plane on free ports of 127.0.0.1, with regcred in front of it, until Ctrl-C.
Without --node Pods are admitted and stored, Deployments turn into Pods, and nothing runs.

  --config FILE  the configuration of regcred
  --bare         without regcred
  --node         with a node, on which Pods run, and a private registry; needs root on Linux
  --help         this text

Environment:
  KUBEBUILDER_ASSETS  a folder with etcd, kube-apiserver and kubectl, which are built with Go (ten minutes) otherwise
  REGCRED_CACHE       where to keep what was built; ~/.cache/regcred otherwise
  REGCRED_KEEP        if set, the cluster's files and logs stay
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      bare: { type: 'boolean' },
      node: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  if (values.node && process.env[DOOR] === undefined) {
    process.exitCode = await startBehindDoor(process.argv.slice(1))
    return
  }
  const config = values.config === undefined ? {} : readConfig(await readFile(values.config, 'utf8'))
  const interruption = new AbortController()
  // A second one ends this process at once, and the system then ends the cluster.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort())
  const { signal } = interruption
  try {
    const controlPlane = await startControlPlane({ signal, ...(values.node && { address: NODE_ADDRESS }) })
    try {
      if (values.node) await startNode(controlPlane, { signal })
      const regcred = values.bare ? undefined : await startRegcred(controlPlane, { config, signal })
      const door = values.node ? await openDoor(controlPlane) : controlPlane
      const lines = values.node ? WALKTHROUGH : EXAMPLE
      process.stdout.write(describe(controlPlane, door, regcred?.url, lines))
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

const EXAMPLE = '  kubectl apply -f examples/private-reg-pod.yaml\n'
const WALKTHROUGH = `  kubectl create secret docker-registry regcred --docker-server=your.private.registry.example.com \\
    --docker-username=${JANE.name} --docker-password=${JANE.password}
${EXAMPLE}  kubectl wait --for=condition=Ready pod/private-reg
  kubectl get pod private-reg
`

function describe({ folder, assets }: ControlPlane, door: Door, url: string | undefined, lines: string): string {
  const front = url === undefined ? '' : `regcred ${url} is in front of it; its log is ${folder}/regcred.log\n`
  return `kube-apiserver is at ${door.server}
${front}
In another terminal:

  export KUBECONFIG=${door.kubeconfig} PATH=${dirname(assets.kubectl)}:$PATH
${lines}
Ctrl-C ends it.
`
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
