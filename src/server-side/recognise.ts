import type { Effect, Finding, FindingCode } from '../policy/finding.ts'

/** How what is said of each cause begins. Groups: the Secret, the image. */
const SENTENCES: readonly { readonly code: FindingCode; readonly pattern: RegExp }[] = [
  { code: 'SecretNotFound', pattern: /^Secret "(?<secret>[^"]*)" does not exist in namespace "/ },
  { code: 'SecretWrongType', pattern: /^Secret "(?<secret>[^"]*)" has .*, so Kubernetes does not use it/ },
  { code: 'SecretMalformed', pattern: /^Secret "(?<secret>[^"]*)" is broken \(/ },
  { code: 'SecretWithoutCredentials', pattern: /^Secret "(?<secret>[^"]*)" holds no usable credentials/ },
  { code: 'CredentialsExpired', pattern: /^the credentials (?:for "[^"]*" )?in Secret "(?<secret>[^"]*)" expired at / },
  { code: 'NotInjected', pattern: /^regcred could not add pull secret "(?<secret>[^"]*)" in time/ },
  { code: 'ImageInvalid', pattern: /^image ".*" of container ".*" is not a valid image name/ },
  { code: 'ImageNotCovered', pattern: /^no pull secret is listed, and "(?<image>[^"]*)" needs one/ },
  { code: 'ImageNotCovered', pattern: /^none of its pull secrets has credentials for "(?<image>[^"]*)"/ },
  { code: 'ImageNotCovered', pattern: /^"[^"]*" of its ServiceAccount would work for "(?<image>[^"]*)"/ },
  { code: 'ImageNotCovered', pattern: /^Secret "[^"]*" is for "[^"]*", not for "(?<image>[^"]*)"/ },
  { code: 'ImageNotCovered', pattern: /^an entry of Secret "[^"]*" is nearly for "(?<image>[^"]*)"/ },
  { code: 'ImageNotCovered', pattern: /^the entry for "(?<image>[^"]*)" in Secret "[^"]*" has no / },
  { code: 'ImageNotCovered', pattern: /^the registry in Secret "[^"]*" is written "/ },
  { code: 'ImageNotCovered', pattern: /^without .* on its ServiceAccount the nodes do not log in, and / },
]

/**
 * Takes a warning of a cluster for a finding of regcred, by how it begins: with the title of the object and a sentence of a finding. Undefined
 * for what somebody else says, or a regcred whose words are others.
 *
 * @param title the object as it was sent, e.g. `Pod web`
 */
export function recogniseWarning(text: string, title: string): Finding | undefined {
  return text.startsWith(`${title}: `) ? recognise(text.slice(title.length + ': '.length), 'mayBlock') : undefined
}

/** What a refusal says behind its findings. */
const WAY_OUT = / \(to let it through: kubectl label [^()]*\)(?:\. .*)?$/

/** The same of what a webhook refuses an object with: one finding for each thing that is wrong, and none where one is not known. */
export function recogniseRefusal(text: string, title: string): readonly Finding[] {
  const begin = `${title}: `
  if (!text.startsWith(begin)) return []
  const said = text.slice(begin.length).replace(WAY_OUT, '').split(`; ${begin}`)
  const found = said.map(one => recognise(one, 'blocks'))
  return found.every(finding => finding !== undefined) ? found : []
}

function recognise(said: string, effect: Effect): Finding | undefined {
  const end = said.lastIndexOf('; ')
  const sentence = SENTENCES.find(({ pattern }) => pattern.test(said))
  if (sentence === undefined || end < 0) return undefined
  const { code, pattern } = sentence
  const { secret, image } = pattern.exec(said)?.groups ?? {}
  const [, near] = /; did you mean "([^"]*)"\?/.exec(said) ?? []
  return {
    ...{ code, effect, origin: 'object', affectsPrivate: false },
    ...(secret !== undefined && { secret }),
    ...(image !== undefined && { image }),
    ...(near !== undefined && { suggestion: { of: 'secret', text: near } }),
    problem: said.slice(0, end),
    advice: { kind: near === undefined ? 'lookFurther' : 'suggestName', text: said.slice(end + '; '.length) },
  }
}
