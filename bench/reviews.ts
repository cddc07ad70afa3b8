import { readFileSync } from 'node:fs'

interface Shape {
  readonly references: number
  readonly containers: number
  /** That of the Pod. */
  readonly namespace?: string
}

/**
 * The review of a real Pod, as kube-apiserver sent it, with more references and containers than it had, each container of
 * an image of its own; the field owners tell of them all.
 *
 * Its images are covered by the first of the pull secrets `pull-0`, `pull-1`, ….
 */
export function reviewOf({ references, containers, namespace = 'default' }: Shape): string {
  const review = JSON.parse(readFileSync(new URL('pod-create.json', import.meta.url), 'utf8'))
  const { metadata, spec } = review.request.object
  Object.assign(review.request, { namespace })
  Object.assign(metadata, { namespace })
  const owned = metadata.managedFields[0].fieldsV1['f:spec']
  const [container] = spec.containers
  const names = Array.from({ length: containers }, (_, i) => `${container.name}-${i}`)
  spec.containers = names.map((name, i) => ({ ...container, name, image: container.image.replace(/:/, `-${i}:`) }))
  const [fields] = Object.values(owned['f:containers'])
  owned['f:containers'] = Object.fromEntries(names.map(name => [`k:${JSON.stringify({ name })}`, fields]))
  spec.imagePullSecrets = Array.from({ length: references }, (_, i) => ({ name: `pull-${i}` }))
  const listed = spec.imagePullSecrets.map((reference: object) => [`k:${JSON.stringify(reference)}`, {}])
  owned['f:imagePullSecrets'] = { '.': {}, ...Object.fromEntries(listed) }
  return JSON.stringify(review)
}

/** Manifests of namespaces with so many pull secrets each, each for a registry of its own; `pull-0` covers the Pod's image. */
export function clusterOf(pullSecrets: number, namespaces: readonly string[] = ['default']): string {
  const items = namespaces.flatMap(namespace => {
    const secrets = Array.from({ length: pullSecrets }, (_, i) => pullSecretOf(namespace, i))
    const around = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
    ]
    return [...around, ...secrets]
  })
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

function pullSecretOf(namespace: string, i: number): object {
  const host = i === 0 ? 'your.private.registry.example.com' : `registry-${i}.example.com`
  const config = { auths: { [host]: { auth: Buffer.from(`user:pass-${i}`).toString('base64') } } }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `pull-${i}`, namespace },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify(config) },
  }
}
