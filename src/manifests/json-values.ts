/** A string with what it holds, or a bracket: between these nothing opens or closes a value. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gs

/**
 * Reads JSON values that follow one another, as jq writes and kubectl reads them; one, most of the time. Undefined for a
 * text that is anything else.
 */
export function readJsonValues(text: string): readonly unknown[] | undefined {
  const json = text.replace(/^\uFEFF/, '')
  try {
    return [JSON.parse(json)]
  } catch {
    return /^\s*\{/.test(json) ? readEach(json) : undefined
  }
}

function readEach(json: string): readonly unknown[] | undefined {
  const values: unknown[] = []
  let depth = 0
  let begin = 0
  try {
    for (const { 0: token, index } of json.matchAll(TOKEN)) {
      if (token === '{' || token === '[') depth++
      if (token !== '}' && token !== ']') continue
      depth--
      if (depth > 0) continue
      values.push(JSON.parse(json.slice(begin, index + 1)))
      begin = index + 1
    }
  } catch {
    return undefined
  }
  return json.slice(begin).trim() === '' ? values : undefined
}
