/** What a person wants to know of a kind of finding. Markdown with nothing but code in backquotes, one line a paragraph. */
export interface Explanation {
  /** What is wrong, and what Kubernetes does then. */
  readonly cause: readonly string[]
  /** Manifests in which it is found. */
  readonly manifests: string
  /** What is said of them; nothing where only a cluster shows it. */
  readonly says: string
  readonly remedy: readonly Remedy[]
}

export interface Remedy {
  readonly text: string
  /** Lines for a shell. */
  readonly commands?: readonly string[]
}

/** An example Pod, and the Secrets beside it, in YAML. */
export function podWith(imagePullSecrets: readonly string[], image: string, ...secrets: readonly string[]): string {
  const references = imagePullSecrets.map(name => `{name: ${name}}`).join(', ')
  const pod = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  imagePullSecrets: [${references}]
  containers: [{name: web, image: ${image}}]`
  return [...secrets, pod].join('\n---\n')
}

/** A pull secret in YAML, with its docker config readable. */
export function pullSecret(name: string, auths: object): string {
  return `apiVersion: v1
kind: Secret
metadata: {name: ${name}}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '${JSON.stringify({ auths })}'`
}
