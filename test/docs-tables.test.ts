import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { injectionOf, modeOf } from '../src/policy/labels.ts'
import { defaultSettings, MODES } from '../src/policy/settings.ts'

/*
 * Tables of the documentation that are made from the code. `UPDATE=1` writes them anew; verify the diff.
 */

const DOCS = join(import.meta.dirname, '../docs')

/** Compares the text between two comments of a page with what the code says. */
function compare(t: Test, page: string, name: string, wanted: string): void {
  const file = join(DOCS, page)
  const text = readFileSync(file, 'utf8')
  const [begin, end] = [`<!-- table: ${name} -->\n`, `<!-- end of table: ${name} -->`]
  const [before = '', rest = ''] = text.split(begin)
  const [table = '', after = ''] = rest.split(end)
  if (process.env['UPDATE'] === '1') writeFileSync(file, `${before}${begin}${wanted}${end}${after}`)
  else t.equal(table, wanted, `${page} has the table of the code; UPDATE=1 writes it`)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [head, head.map(() => '---'), ...rows].map(line).join('')
}

const DOES = { add: '**added**', record: 'recorded', nothing: '—' } as const
const LABELS = [undefined, ...MODES] as const

t.test('whether pull secrets are added, by the mode of the file, the mode label and the inject label', async t => {
  const rows = MODES.flatMap(mode =>
    LABELS.map(label => {
      const does = (inject?: string) => {
        const value = { name: 'team-a', ...(label && { mode: label }), ...(inject && { inject }) }
        const settings = { ...defaultSettings, mode }
        return DOES[injectionOf({ mirror: false, optedOut: false }, { state: 'value', value }, settings).does]
      }
      const value = { name: 'team-a', ...(label && { mode: label }) }
      const { mode: inForce } = modeOf({ state: 'value', value }, mode)
      return [
        `\`${mode}\``,
        label ? `\`${label}\`` : 'none',
        `\`${inForce}\``,
        does(),
        does('enabled'),
        does('disabled'),
      ]
    }),
  )
  const head = ['`mode` of the file', 'label `regcred.dev/mode`', 'findings']
  const inject = ['no label `regcred.dev/inject`', '`enabled`', '`disabled`']
  compare(t, 'operations.md', 'injection by mode', table([...head, ...inject], rows))
})
