import type { Fault, PlaceOf } from '../manifests/found.ts'
import { readDocuments } from '../manifests/read.ts'
import type { LineOf } from './statement.ts'

/** Levels of TOML's own lists and tables in one another; no file of a node has more than a few. */
const MAX_TOML_DEPTH = 100

/** Lines of a document that are looked up: each costs a look at what is around it. */
const MAX_LINES = 1000

/** A document of a file as plain data, or what is wrong with it; never a line of the file, in which there may be a password. */
type NodeDocument = { readonly value: unknown; readonly lineOf: LineOf } | { readonly fault: Fault }

/** Reads a file of a node, which is TOML if its name says so, and else YAML or JSON. */
export async function* readNodeDocuments(file: string, text: string): AsyncGenerator<NodeDocument, void> {
  if (file.endsWith('.toml')) {
    yield await readToml(file, text)
    return
  }
  for await (const document of readDocuments(text)) {
    if ('fault' in document) yield { fault: { file, ...document.fault } }
    else yield { value: document.value, lineOf: firstLines(document.placeOf) }
  }
}

function firstLines(placeOf: PlaceOf): LineOf {
  let left = MAX_LINES
  return path => {
    left -= 1
    return left < 0 ? undefined : placeOf(path)?.line
  }
}

async function readToml(file: string, text: string): Promise<NodeDocument> {
  const { parse } = await import('smol-toml')
  try {
    const value = parse(text, { maxDepth: MAX_TOML_DEPTH, integersAsBigInt: 'asNeeded' })
    return { value, lineOf: firstLines(() => undefined) }
  } catch (error) {
    // Its message quotes the lines around.
    const { line, column } = Object(error)
    return { fault: { file, line, column, message: 'this is not TOML; correct it or leave the file out' } }
  }
}
