import { present } from '../runtime/present.ts'
import type { Place } from './found.ts'
import { readOrdinaryYaml } from './ordinary-yaml.ts'
import type { YamlDocument } from './yaml-documents.ts'

/** Characters of a document that is read the short way, in which all of it is taken apart before anything of it is made. */
const MAX_ORDINARY_LENGTH = 256 * 1024
/** Documents of a file. */
const MAX_DOCUMENTS = 100_000

/**
 * Reads the documents of a YAML text one after another, so that only one of them is held: the short way if they are ordinary, else by who
 * reads all that YAML knows, and who is loaded once it is needed.
 */
export async function* readYaml(text: string): AsyncGenerator<YamlDocument, void> {
  let documents = 0
  for await (const document of isSplitByLines(text) ? readParts(text) : await readWhole(text)) {
    documents += 1
    if (documents > MAX_DOCUMENTS) {
      yield { fault: { message: `there are more than ${MAX_DOCUMENTS} documents in it; split it` } }
      return
    }
    yield document
  }
}

async function* readParts(text: string): AsyncGenerator<YamlDocument, void> {
  let line = 1
  let above = ''
  for (const part of partsOf(text)) {
    const isPrelude = line === 1 && !part.startsWith('---') && isBlank(part)
    const ordinary = isPrelude ? undefined : readPart(part, line, above)
    if (ordinary !== undefined) yield ordinary
    else if (!isPrelude) for (const document of await readWhole(part)) yield moved(document, line - 1, above)
    above = isPrelude ? part : ''
    line += countLines(part)
  }
}

/** Whether a line that begins with three dashes begins a document, and nothing in the text means anything for what is behind it. */
function isSplitByLines(text: string): boolean {
  return !/^[%\uFEFF]|\n%|\n\.\.\.|^\.\.\.|\r(?!\n)/.test(text)
}

async function readWhole(text: string): Promise<Iterable<YamlDocument>> {
  const { readYamlDocuments } = await import('./yaml-documents.ts')
  return readYamlDocuments(text)
}

/** The documents of a text, each with the line of dashes above it. */
function* partsOf(text: string): Generator<string, void> {
  let start = 0
  for (let at = text.indexOf('\n---'); at !== -1; at = text.indexOf('\n---', at + 1)) {
    if (!/^[ \t\r\n]?$/.test(text.charAt(at + 4))) continue
    yield text.slice(start, at + 1)
    start = at + 1
  }
  yield text.slice(start)
}

/** @param above comments above the line of dashes */
function readPart(part: string, line: number, above: string): YamlDocument | undefined {
  // Who says that a template is not rendered knows more.
  if (part.length > MAX_ORDINARY_LENGTH || part.includes('{{')) return undefined
  const ordinary = readOrdinaryYaml(part)
  if (ordinary === undefined) return undefined
  const source = sourceIn(part) ?? sourceIn(above)
  let lines: readonly number[] | undefined
  return {
    value: ordinary.value,
    placeOf: path => {
      const offset = ordinary.offsetOf(path)
      if (offset === undefined) return undefined
      lines ??= startsOfLines(part)
      return placeAt(offset, lines, line)
    },
    ...(source !== undefined && { source }),
  }
}

/** Helm writes a comment with the template's path above each document. */
function sourceIn(part: string): string | undefined {
  for (const line of linesOf(part)) {
    const [, source] = /^\s*# Source: (\S.*)$/.exec(line) ?? []
    if (source !== undefined) return source
    if (!isComment(line) && line !== '---') return undefined
  }
  return undefined
}

/** Whether there are comments and empty lines alone. */
function isBlank(part: string): boolean {
  for (const line of linesOf(part)) if (!isComment(line)) return false
  return true
}

function isComment(line: string): boolean {
  const text = line.trimStart()
  return text === '' || text.startsWith('#')
}

function* linesOf(text: string): Generator<string, void> {
  let start = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
    yield text.slice(start, at).trimEnd()
    start = at + 1
  }
  yield text.slice(start).trimEnd()
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function placeAt(offset: number, starts: readonly number[], firstLine: number): Place {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (present(starts[middle]) <= offset) low = middle
    else high = middle - 1
  }
  return { line: firstLine + low, column: offset - present(starts[low]) + 1 }
}

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

/** A document of a part of the text, as one of the text. */
function moved(document: YamlDocument, lines: number, above: string): YamlDocument {
  if ('fault' in document) {
    const { line } = document.fault
    return { fault: { ...document.fault, ...(line !== undefined && { line: line + lines }) } }
  }
  const source = document.source ?? sourceIn(above)
  return {
    value: document.value,
    placeOf: path => {
      const place = document.placeOf(path)
      return place && { ...place, line: place.line + lines }
    },
    ...(source !== undefined && { source }),
  }
}
