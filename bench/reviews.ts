import { readFileSync } from 'node:fs'

interface Shape {
  readonly references: number
  readonly containers: number
}

/**
 * The review of a real Pod, as kube-apiserver sent it, with more references and containers than it had.
 *
 * Its image is covered by the first of the pull secrets `pull-0`, `pull-1`, ….
 */
export function reviewOf({ references, containers }: Shape): string {
  const review = JSON.parse(readFileSync(new URL('pod-create.json', import.meta.url), 'utf8'))
  const { spec } = review.request.object
  const [container] = spec.containers
  spec.containers = Array.from({ length: containers }, (_, i) => ({ ...container, name: `${container.name}-${i}` }))
  spec.imagePullSecrets = Array.from({ length: references }, (_, i) => ({ name: `pull-${i}` }))
  return JSON.stringify(review)
}

/** Manifests of a namespace with so many pull secrets, each for a registry of its own; `pull-0` covers the Pod's image. */
export function clusterOf(pullSecrets: number): string {
  const secrets = Array.from({ length: pullSecrets }, (_, i) => {
    const host = i === 0 ? 'your.private.registry.example.com' : `registry-${i}.example.com`
    const config = { auths: { [host]: { auth: Buffer.from(`user:pass-${i}`).toString('base64') } } }
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `pull-${i}`, namespace: 'default' },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': JSON.stringify(config) },
    }
  })
  const around = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } },
  ]
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...around, ...secrets] })
}
