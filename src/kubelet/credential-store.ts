import { foldName, type JsonValue, kindOf, listMembers, readString } from './go/json.ts'

/**
 * The credential store that a docker config names, else its first credential helper: why there are no credentials in it.
 * Only what looks like the name of a program is returned, so that nothing else can come to light this way.
 */
export function readStore(config: JsonValue): string | undefined {
  const stores: string[] = []
  const helpers: string[] = []
  for (const { name, value } of listMembers(config)) {
    const field = foldName(name)
    if (field === 'credsstore') stores.push(...readName(value))
    if (field === 'credhelpers' && kindOf(value) === 'object') {
      for (const helper of listMembers(value)) helpers.push(...readName(helper.value))
    }
  }
  return stores.at(-1) ?? helpers[0]
}

function readName(value: JsonValue): string[] {
  const name = kindOf(value) === 'string' ? readString(value) : ''
  return /^[\w.-]{1,64}$/.test(name) ? [name] : []
}
