import { type ErrorCode, isNode, LineCounter, parseAllDocuments } from 'yaml'
import { findUnrendered } from './unrendered.ts'

/** Aliases of a document; each costs as much as what it stands for. */
const MAX_ALIASES = 1000

/** The line where the value at a path begins, if that is known. */
export type LineOf = (path: readonly (string | number)[]) => number | undefined

/** One document of a YAML text, as plain data. */
interface YamlDocument {
  readonly value: unknown
  readonly lineOf: LineOf
}

interface YamlDocuments {
  readonly documents: readonly YamlDocument[]
  /** What to write behind the name of the file, e.g. `:3:1: this is not YAML …`; never a line of the text. */
  readonly faults: readonly string[]
}

/** Reads the documents of a YAML text. In a file of its own, so that who reads JSON does not load a parser of YAML. */
export function readYamlDocuments(text: string): YamlDocuments {
  const lineCounter = new LineCounter()
  const options = {
    lineCounter,
    merge: true,
    uniqueKeys: false,
    strict: false,
    logLevel: 'error',
    prettyErrors: false,
  } as const
  const documents: YamlDocument[] = []
  const faults: string[] = []
  const fail = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset)
    faults.push(`:${line}:${col}: ${message}`)
  }
  for (const document of parseAllDocuments(text, options)) {
    const [error] = document.errors
    const unrendered = findUnrendered(document, text)
    if (unrendered !== undefined) {
      fail(
        unrendered,
        'this is a template that is not rendered yet ({{ }}); render it first, for example with helm template',
      )
      continue
    }
    if (error !== undefined) {
      fail(error.pos[0], `this is not YAML or JSON: ${explain(error)}; correct it or leave the file out`)
      continue
    }
    try {
      const lineOf: LineOf = path => {
        const node = document.getIn(path, true)
        return isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : undefined
      }
      documents.push({ value: document.toJS({ maxAliasCount: MAX_ALIASES }), lineOf })
    } catch {
      faults.push(': its YAML aliases cannot be resolved; write them out or leave the file out')
    }
  }
  return { documents, faults }
}

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
  UNEXPECTED_TOKEN: 'there is text that does not belong here',
}

function explain({ code, message }: { readonly code: ErrorCode; readonly message: string }): string {
  if (FIXED_SENTENCES.has(code)) return `${message.charAt(0).toLowerCase()}${message.slice(1)}`
  return OWN_SENTENCES[code] ?? code
}
