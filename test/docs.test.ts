import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '..')
const pages = [
  ...readdirSync(ROOT).filter(file => file.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .map(file => join('docs', file)),
]

t.test('every page leads somewhere: its links to files, and the tests that it names', async t => {
  t.ok(pages.length > 5)
  for (const page of pages) {
    const text = readFileSync(join(ROOT, page), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link = '']) =>
      join(dirname(page), link),
    )
    const tests = [...text.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, file = '']) => file)
    const missing = [...links, ...tests].filter(file => !existsSync(join(ROOT, file)))
    t.strictSame(missing, [], page)
  }
})
