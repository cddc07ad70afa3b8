import { get, getString, strings } from '../kube/untyped.ts'
import { COPIERS, DATA_KEYS, isPullSecretType } from '../kubelet/secret.ts'
import { isLive } from './owners.ts'

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

/**
 * Whether a pull secret in a file is not what will be in the cluster, so that nobody can say what it will hold.
 *
 * | the Secret                                          | because                        |
 * | --------------------------------------------------- | ------------------------------ |
 * | has a key `sops`, or its data begins with `ENC[`    | it is encrypted                |
 * | asks a controller to fill it: {@link COPIERS}       | whatever it holds is replaced  |
 * | has data with `<path:…>`, `${…}`, `{{ }}` or `<…>`  | another tool writes it         |
 */
export function isUnreadable(secret: unknown): boolean {
  const content = contentOf(secret)
  const isEncrypted = get(secret, 'sops') !== undefined || content.some(text => text.startsWith('ENC['))
  if (isEncrypted) return true
  return isToBeReplaced(secret) || content.some(isPlaceholder)
}

/** What came from a cluster has been filled, if it is not empty. */
function isToBeReplaced(secret: unknown): boolean {
  if (!isPullSecretType(getString(secret, 'type')) || isLive(secret)) return false
  const annotations = get(secret, 'metadata', 'annotations')
  return COPIERS.some(copier => getString(annotations, copier) !== undefined)
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
