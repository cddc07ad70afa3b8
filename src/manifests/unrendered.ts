import { type Document, isMap, type ParsedNode, visit } from 'yaml'

/**
 * Where a document is still a template: a `{{ }}` that Helm or another tool would have filled in. Undefined if it is none.
 *
 * YAML takes `{{ .Values.name }}` for an object whose key is an object, which JSON and so Kubernetes do not know; and
 * `{{- if }}` it cannot read. Between quotes such braces are text, and other tools (Argo Workflows, Prometheus) want them.
 *
 * @returns an offset in the text
 */
export function findUnrendered(document: Document<ParsedNode, boolean>, text: string): number | undefined {
  if (!text.includes('{{')) return undefined
  const [error] = document.errors
  if (error !== undefined) return lineAround(text, error.pos[0]).includes('{{') ? error.pos[0] : undefined
  let found: number | undefined
  visit(document, {
    Pair(_, { key }) {
      if (!isMap(key) || !key.range || !text.startsWith('{{', key.range[0] - 1)) return undefined
      found = key.range[0]
      return visit.BREAK
    },
  })
  return found
}

function lineAround(text: string, offset: number): string {
  const end = text.indexOf('\n', offset)
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? undefined : end)
}
