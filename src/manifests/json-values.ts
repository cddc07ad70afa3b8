/** What a scanner looks at of a text. */
type Characters = Pick<string, 'length' | 'charCodeAt'>

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

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
  const ends = findEnds(json)
  if (ends === undefined || json.slice(ends.at(-1)).trim() !== '') return undefined
  try {
    return ends.map((end, i) => JSON.parse(json.slice(ends[i - 1] ?? 0, end)))
  } catch {
    return undefined
  }
}

/**
 * The offsets behind each object or list that is in no other, if strings and brackets close; every character is looked at once.
 * Whether what is between them is JSON, its parser says.
 */
export function findEnds(text: Characters): readonly number[] | undefined {
  const ends: number[] = []
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) {
      at = endOfString(text, at)
      if (at === text.length) return undefined
    } else if (OPENING.has(character)) depth += 1
    else if (CLOSING.has(character)) {
      depth -= 1
      if (depth < 0) return undefined
      if (depth === 0) ends.push(at + 1)
    }
  }
  return depth === 0 ? ends : undefined
}

/** The offset of the quote that ends a string, or of the end of the text. */
function endOfString(text: Characters, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) return at
    if (character === BACKSLASH) at += 1
  }
  return text.length
}
