import { Document, visit } from 'yaml'
import { defaultSettings, leavesOf } from '../policy/settings.ts'
import { present } from '../runtime/present.ts'
import { cutVisible, visible, visibleJson, visibleLines } from '../runtime/visible.ts'
import { API_VERSION, KIND } from './configuration.ts'
import type { Row } from './explain.ts'

/**
 * Writes rows as a configuration file that regcred would accept, with what decided behind each setting. Rows that are no
 * settings become comments at the top.
 */
export function printYaml(rows: readonly Row[]): string {
  const document = toDocument(rows)
  const notes = rows.filter(row => !SETTINGS.has(row.setting))
  if (notes.length > 0) {
    document.commentBefore = notes
      .map(note => ` ${visible(`${note.setting}: ${note.value} (${note.from})`)}`)
      .join('\n')
  }
  // Between double quotes YAML has the escapes that make a text visible.
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && visible(scalar.value) !== scalar.value) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return visibleLines(document.toString({ lineWidth: 0, flowCollectionPadding: false }))
}

/** Writes the same as JSON: the configuration, and the rows as they are. */
export function printJson(rows: readonly Row[]): string {
  return `${visibleJson({ configuration: toDocument(rows).toJS(), explanation: rows }, 2)}\n`
}

/** Characters of the comment behind a setting. */
const MAX_COMMENT_LENGTH = 500

const SETTINGS: ReadonlySet<string> = new Set(leavesOf(defaultSettings).map(({ path }) => path.join('.')))

function toDocument(rows: readonly Row[]): Document {
  // Whoever still reads YAML 1.1 takes a bare `off` for false.
  const document = new Document({ apiVersion: API_VERSION, kind: KIND }, { compat: 'yaml-1.1' })
  const bySetting = Map.groupBy(
    rows.filter(row => SETTINGS.has(row.setting)),
    row => row.setting,
  )
  for (const [setting, parts] of bySetting) {
    const { value, from } = addUp(parts)
    const node = document.createNode(value, { flow: true })
    node.comment = ` ${cutVisible(from, MAX_COMMENT_LENGTH)}`
    document.setIn(setting.split('.'), node)
  }
  return document
}

/** Names to inject come from several places; together they are one list, each name once. */
function addUp(rows: readonly Row[]): Pick<Row, 'value' | 'from'> {
  const telling = rows.filter(({ value }) => !isEmpty(value))
  // What the configuration lists comes first, and is all that can be empty.
  if (telling.length < 2) return present(rows.at(-1))
  return {
    value: [...new Set(telling.flatMap(({ value }) => value))],
    from: telling.map(({ value, from }) => `${value}: ${from}`).join('; '),
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
