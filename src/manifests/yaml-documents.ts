import {
  Composer,
  type Document,
  type ErrorCode,
  isMap,
  isNode,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  type ScalarTag,
} from 'yaml'
import type { Place, PlaceOf } from './found.ts'
import { BOOLEAN, resolvePlain } from './plain-scalar.ts'
import { findUnrendered } from './unrendered.ts'
import { isAffordable } from './yaml-aliases.ts'

/** Pieces of one document that the parser takes it apart into: each takes it most of a kilobyte of memory. */
const MAX_DOCUMENT_TOKENS = 1_000_000

/** What is wrong with a document, and where; never a line of the text. */
interface DocumentFault extends Partial<Place> {
  readonly message: string
}

/** One document of a YAML text as plain data, or a fault. */
export type YamlDocument =
  | {
      readonly value: unknown
      readonly placeOf: PlaceOf
      /** The file that it was rendered from: Helm writes one above each. */
      readonly source?: string
    }
  | { readonly fault: DocumentFault }

/**
 * Reads the documents of a YAML text one after another, so that only one of them is held. In a file of its own, so that who reads
 * JSON does not load a parser of YAML.
 */
export function* readYamlDocuments(text: string): Generator<YamlDocument, void> {
  const lineCounter = new LineCounter()
  const hasBraces = text.includes('{{')
  for (const document of parse(text, lineCounter)) {
    yield 'fault' in document ? document : readDocument(document, text, hasBraces, lineCounter)
  }
}

type ParsedDocument = Document.Parsed<ParsedNode, false>

/** As {@link resolvePlain} reads it. */
const BOOLEAN_TAG: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: BOOLEAN,
  resolve: resolvePlain,
}

/** Takes a text apart, document by document, until one is too large. */
function* parse(
  text: string,
  lineCounter: LineCounter,
): Generator<ParsedDocument | { readonly fault: DocumentFault }, void> {
  const parser = new Parser(lineCounter.addNewLine)
  const composer = new Composer<ParsedNode, false>({
    customTags: tags => tags.map(tag => (Object(tag).tag === BOOLEAN_TAG.tag ? BOOLEAN_TAG : tag)),
    merge: true,
    uniqueKeys: false,
    strict: false,
    logLevel: 'error',
    prettyErrors: false,
  })
  lineCounter.addNewLine(0)
  let tokens = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens += 1
    if (tokens > MAX_DOCUMENT_TOKENS) {
      yield { fault: { message: 'a document in it is too large to be read as YAML; split it, or write it as JSON' } }
      return
    }
    for (const token of parser.next(lexeme)) {
      if (token.type === 'document') tokens = 0
      yield* composer.next(token)
    }
  }
  for (const token of parser.end()) yield* composer.next(token)
  yield* composer.end()
}

function readDocument(document: ParsedDocument, text: string, hasBraces: boolean, lines: LineCounter): YamlDocument {
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const [error] = document.errors
  const unrendered = hasBraces ? findUnrendered(document, text) : undefined
  if (unrendered !== undefined) return { fault: { ...placeAt(unrendered), message: UNRENDERED } }
  if (error !== undefined) {
    const message = `this is not YAML or JSON: ${explain(error)}; correct it or leave the file out`
    return { fault: { ...placeAt(error.pos[0]), message } }
  }
  try {
    if (!isAffordable(document)) return { fault: { message: TOO_MUCH_ALIASED } }
    const placeOf: PlaceOf = path => {
      const node = document.getIn(path, true)
      return isNode(node) && node.range ? placeAt(node.range[0]) : undefined
    }
    const source = sourceOf(document)
    // What they stand for has been counted.
    return { value: document.toJS({ maxAliasCount: -1 }), placeOf, ...(source !== undefined && { source }) }
  } catch {
    return { fault: { message: 'its YAML aliases cannot be resolved; write them out or leave the file out' } }
  }
}

/** Helm writes a comment with the template's path above each document. That above the first is the parser's for its first key. */
function sourceOf({ commentBefore, contents }: ParsedDocument): string | undefined {
  const first = isMap(contents) ? contents.items[0]?.key : undefined
  for (const comment of [contents?.commentBefore, isNode(first) ? first.commentBefore : undefined, commentBefore]) {
    const [, source] = /^ Source: (\S.*)$/m.exec(comment ?? '') ?? []
    if (source !== undefined) return source
  }
  return undefined
}

const TOO_MUCH_ALIASED = 'its YAML aliases stand for too much; write them out or leave the file out'

const UNRENDERED =
  'this is a template that is not rendered yet ({{ }}); render it first, for example with helm template'

/** What the parser says of these errors is a fixed sentence; of others it may quote the file. */
const FIXED_SENTENCES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_INDENT',
  'BAD_SCALAR_START',
  'BLOCK_AS_IMPLICIT_KEY',
  'BLOCK_IN_FLOW',
  'KEY_OVER_1024_CHARS',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAB_AS_INDENT',
])

const OWN_SENTENCES: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_DQ_ESCAPE: 'there is a bad escape sequence in double quotes',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  UNEXPECTED_TOKEN: 'there is text that does not belong here',
}

function explain({ code, message }: { readonly code: ErrorCode; readonly message: string }): string {
  if (FIXED_SENTENCES.has(code)) return `${message.charAt(0).toLowerCase()}${message.slice(1)}`
  return OWN_SENTENCES[code] ?? code
}
