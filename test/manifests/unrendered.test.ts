import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { findUnrendered } from '../../src/manifests/unrendered.ts'

/** Where the first document that is still a template is one: what is at the place, up to the end of its line. */
function unrenderedIn(text: string): string | undefined {
  for (const document of parseAllDocuments(text, { strict: false, logLevel: 'error' })) {
    const offset = findUnrendered(document, text)
    if (offset !== undefined) return text.slice(offset).split('\n')[0]
  }
  return undefined
}

const cases: readonly [name: string, text: string, found: string | undefined][] = [
  ['no template', 'a: 1\n', undefined],
  ['a value', 'a: 1\n---\nb: {{ .Values.b }}\n', '{ .Values.b }}'],
  ['a condition', '{{- if .Values.enabled }}\na: 1\n{{- end }}\n', '- if .Values.enabled }}'],
  ['an included part', 'a:\n  {{- include "labels" . | nindent 4 }}\n', '- include "labels" . | nindent 4 }}'],
  ['a value that goes on', 'image: {{ .Values.image }}:{{ .Values.tag }}\n', ':{{ .Values.tag }}'],
  ['braces between quotes, as Argo Workflows wants them', 'a: "{{ b }}"\n', undefined],
  ['braces between quotes, and a mistake elsewhere', 'a: "{{ b }}"\nc: [', undefined],
  ['braces between quotes, and a key that is a map', 'a: "{{ b }}"\n? {c: d}\n: e\n', undefined],
]

t.test('where a document is still a template', async t => {
  for (const [name, text, found] of cases) t.equal(unrenderedIn(text), found, name)
})
