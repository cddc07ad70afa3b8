import { type Alias, type Document, isAlias, isMap, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml'
import { cutVisible } from '../runtime/visible.ts'
import { type Fault, formatPath, type Path, type Place, quote } from './fault.ts'

/** Aliases in a file. No configuration needs more, and each costs as much as what it stands for. */
const MAX_ALIASES = 100
/** Levels of a file that are read: no setting lies deeper, and what does is of the wrong type further up. */
const MAX_NESTING_DEPTH = 8
/** Characters of a message of the parser. */
const MAX_SYNTAX_MESSAGE_LENGTH = 200

/** Where the parser speaks to programmers. */
const PLAIN_WORDS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second YAML document starts here; only one is allowed',
  NON_STRING_KEY: 'a key must be a string',
  RESOURCE_EXHAUSTION: 'nested too deeply',
}

/** A file as plain data, and where each part of it stands. */
export interface YamlFile {
  readonly value: unknown
  readonly places: Places
}

/** The place of each key and of its value, by path as people write it. An item of a list is its own key. */
export type Places = ReadonlyMap<string, { readonly key: Place; readonly value: Place }>

/**
 * Parses one YAML 1.2 document; JSON is one.
 *
 * Faults are: syntax that cannot be read, keys that stand twice, tags, a second document, and nothing at all.
 */
export function parseYamlSource(text: string): YamlFile | { readonly faults: readonly Fault[] } {
  const counter = new LineCounter()
  // Keys are compared below: the parser compares each with each, which takes minutes for a large file.
  const document = parseDocument(text, {
    lineCounter: counter,
    logLevel: 'error',
    prettyErrors: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
  })
  const syntax = explainSyntax(document, counter)
  if (syntax.length > 0) return { faults: syntax }
  const reader = new NodeReader(document, counter)
  const value = reader.read(document.contents, [])
  if (value === null) return { faults: [{ path: '', message: 'the file is empty' }] }
  return reader.faults.length > 0 ? { faults: reader.faults } : { value, places: reader.places }
}

/** The place of a value, or of the nearest one around it that the file writes down. */
export function locate(places: Places, path: Path, part: 'key' | 'value' = 'value'): Place {
  const place = places.get(formatPath(path))
  if (place !== undefined) return place[part]
  return path.length === 0 ? { line: 1, column: 1 } : locate(places, path.slice(0, -1))
}

/** One fault a line: whatever else the parser stumbles over there follows from the first. */
function explainSyntax({ errors, warnings }: Document.Parsed, counter: LineCounter): Fault[] {
  const byLine = new Map<number, Fault>()
  for (const { code, message, pos } of [...errors, ...warnings]) {
    const place = placeAt(counter, pos[0])
    if (!byLine.has(place.line))
      byLine.set(place.line, {
        path: '',
        place,
        message: PLAIN_WORDS[code] ?? cutVisible(message, MAX_SYNTAX_MESSAGE_LENGTH),
      })
  }
  return [...byLine.values()]
}

/** Turns nodes into plain data, and notes on the way where they stand and what is wrong. */
class NodeReader {
  readonly faults: Fault[] = []
  readonly places = new Map<string, { key: Place; value: Place }>()
  readonly #document: Document.Parsed
  readonly #counter: LineCounter
  readonly #anchors = new Map<string, unknown>()
  #aliases = 0

  constructor(document: Document.Parsed, counter: LineCounter) {
    this.#document = document
    this.#counter = counter
  }

  read(node: ParsedNode | null, path: Path, key?: Place): unknown {
    const place = node === null ? key : placeAt(this.#counter, node.range[0])
    if (place !== undefined) this.places.set(formatPath(path), { key: key ?? place, value: place })
    if (node === null || path.length > MAX_NESTING_DEPTH) return null
    if (isAlias(node)) return this.#resolve(node.source, path)
    const value = this.#readParts(node, path)
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, value)
    return value
  }

  #readParts(node: Exclude<ParsedNode, Alias.Parsed>, path: Path): unknown {
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index]))
    if (!isMap(node)) return node.value
    const entries = new Map<string, unknown>()
    for (const { key, value } of node.items) {
      const name = String(key.toJS(this.#document))
      const place = placeAt(this.#counter, key.range[0])
      const inner = [...path, name]
      if (entries.has(name)) this.faults.push({ path: formatPath(inner), place, message: 'this key is here twice' })
      else entries.set(name, this.read(value, inner, place))
    }
    // Own properties all of them, `__proto__` as well.
    return Object.fromEntries(entries)
  }

  #resolve(anchor: string, path: Path): unknown {
    this.#aliases += 1
    if (this.#aliases === MAX_ALIASES + 1) this.#blame(path, `more than ${MAX_ALIASES} aliases`)
    if (!this.#anchors.has(anchor)) {
      this.#blame(path, `there is no anchor ${quote(anchor)} before this alias; put text that starts with * in quotes`)
    }
    return this.#anchors.get(anchor)
  }

  #blame(path: Path, message: string): void {
    this.faults.push({ path: formatPath(path), place: locate(this.places, path), message })
  }
}

function placeAt(counter: LineCounter, offset: number): Place {
  const { line, col } = counter.linePos(offset)
  return { line, column: col }
}
