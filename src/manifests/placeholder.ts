import { get, getString, strings } from '../kube/untyped.ts'
import { DATA_KEYS, isPullSecretType } from '../kubelet/secret.ts'

/** What another tool would have filled in, and which. */
const MARKS: readonly { readonly mark: RegExp; readonly what: string; readonly render: string }[] = [
  { mark: /^ko:\/\//, what: 'ko://', render: 'ko resolve' },
  { mark: /\{\{.*?\}\}/s, what: '{{ }}', render: 'helm template' },
  { mark: /\$\{[A-Za-z_][^{}]*\}/, what: '$' + '{ }', render: 'flux envsubst or envsubst' },
  { mark: /<path:[^<>]+>/, what: '<path: >', render: 'argocd-vault-plugin generate' },
]

/** Says that a text is not rendered yet, and with what it can be; undefined if it is as it will be. */
export function explainUnrendered(text: string): string | undefined {
  const found = MARKS.find(({ mark }) => mark.test(text))
  return (
    found &&
    `this is a template that is not rendered yet (${found.what}); render it first, for example with ${found.render}`
  )
}

/** Annotations by which a controller is asked to fill a Secret that is empty until then. */
const COPIERS = [
  'replicator.v1.mittwald.de/replicate-from',
  'secretgen.carvel.dev/image-pull-secret',
  'reflector.v1.k8s.emberstack.com/reflects',
]

/**
 * Whether a pull secret in a file is not what will be in the cluster, so that nobody can say what it will hold.
 *
 * | the Secret                                          | because                        |
 * | --------------------------------------------------- | ------------------------------ |
 * | has a key `sops`, or its data begins with `ENC[`    | it is encrypted                |
 * | has an annotation that asks a controller to fill it | it is a copy of another        |
 * | has data with `<path:…>`, `${…}`, `{{ }}` or `<…>`  | another tool writes it         |
 */
export function isUnreadable(secret: unknown): boolean {
  const content = contentOf(secret)
  const isEncrypted = get(secret, 'sops') !== undefined || content.some(text => text.startsWith('ENC['))
  if (isEncrypted) return true
  const annotations = get(secret, 'metadata', 'annotations')
  if (
    isPullSecretType(getString(secret, 'type')) &&
    COPIERS.some(copier => getString(annotations, copier) !== undefined)
  )
    return true
  return content.some(isPlaceholder)
}

/** Whether a Secret is meant to be a pull secret, whatever it holds: by its type, or by a key that only those have. */
export function isMeantAsPullSecret(secret: unknown): boolean {
  return isPullSecretType(getString(secret, 'type')) || contentOf(secret).length > 0
}

/** What is written under the keys that the kubelet reads. */
function contentOf(secret: unknown): readonly string[] {
  const written = [strings(get(secret, 'data')), strings(get(secret, 'stringData'))]
  return written.flatMap(texts => Object.entries(texts).flatMap(([key, text]) => (DATA_KEYS.includes(key) ? text : [])))
}

function isPlaceholder(content: string): boolean {
  const decoded = Buffer.from(content, 'base64').toString()
  return [content, decoded].some(
    text => /^\s*<[^<>]*>\s*$/.test(text) || explainUnrendered(text) !== undefined || HOLE.test(text),
  )
}

/** A value of the docker config that somebody is to fill in: `"auth": "<base64>"`. */
const HOLE = /:\s*"<[^<>"]*>"/
