import { Document, visit } from 'yaml'
import { visibleLines } from '../../runtime/visible.ts'

/**
 * An object of strings as YAML in which every character can be seen, and which says the same in YAML 1.1: kubectl takes `yes`, `off` and
 * `012` for what they were there.
 */
export function toYaml(object: object): string {
  const document = new Document(object, { compat: 'yaml-1.1' })
  visit(document, {
    Scalar(_, scalar) {
      // Escapes are nothing but in double quotes.
      if (typeof scalar.value === 'string' && /[^\x20-\x7e]/.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return visibleLines(document.toString({ lineWidth: 0 }))
}
