import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import type { KubectlResult } from '../control-plane/kubectl.ts'
import type { Manifest } from '../control-plane/objects.ts'

/** Runs helm. */
export type Helm = (...args: readonly string[]) => Promise<KubectlResult>

/** The folder of the chart. */
export const CHART = fileURLToPath(new URL('../../../charts/regcred/', import.meta.url))
/** The namespace of the release in all tests, and its name. */
export const RELEASE = 'regcred'

/**
 * Makes a helm that knows nothing of the person who runs it.
 *
 * @param kubeconfig how to reach the cluster; without one, only what needs none works
 */
export function createHelm(kubeconfig = '/dev/null', home = mkdtempSync(join(tmpdir(), 'regcred-helm-'))): Helm {
  const binary = process.env['REGCRED_HELM']
  if (binary === undefined) throw new Error('REGCRED_HELM has to name helm; npm run test:e2e builds it')
  const env = { HOME: home, PATH: process.env['PATH'], KUBECONFIG: kubeconfig }
  return async (...args) => {
    const child = spawn(binary, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: child.exitCode ?? 128, stdout, stderr }
  }
}

/** Lets `helm template` render what `helm install` would: it knows what kinds the cluster has. One is enough. */
export const IN_CLUSTER = '--api-versions=v1/Pod'

/** The arguments of `helm template` for a release with these values files and `--set`s. */
export function templateArgs(values: readonly string[] = [], sets: readonly string[] = []): string[] {
  return ['template', RELEASE, CHART, `--namespace=${RELEASE}`, ...valueArgs(values, sets)]
}

export function valueArgs(values: readonly string[], sets: readonly string[] = []): string[] {
  return [...values.map(file => `--values=${file}`), ...sets.map(set => `--set-json=${set}`)]
}

/** The objects of a render, in its order. */
export function objectsOf(rendered: string): Manifest[] {
  return [...parseAllDocuments(rendered)].flatMap(document => (document.toJS() as Manifest | null) ?? [])
}

/** The one object of this kind, or the one of them with this name. */
export function findObject(objects: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = objects.filter(
    object => object.kind === kind && (name === undefined || object.metadata['name'] === name),
  )
  const [object] = found
  if (object === undefined || found.length > 1) throw new Error(`${found.length} objects are ${kind} ${name ?? ''}`)
  return object
}
