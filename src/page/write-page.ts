import { createHash } from 'node:crypto'
import { Eta } from 'eta/core'
import { cutVisible, visibleJson } from '../runtime/visible.ts'
import type { Page } from './page.ts'
import { SCRIPT } from './templates/script.ts'
import { STYLE } from './templates/style.ts'
import { CARD, PAGE, TABLE } from './templates/templates.ts'

/** Cards above the filter, for who reads no more. */
const MAX_FIRST = 3
/** Characters of any text: names and what a Pod lists may be megabytes. */
const MAX_TEXT_LENGTH = 2000

/**
 * Writes a page as one HTML file that asks no network. Every value is cut, made visible and escaped by the library, whatever place it
 * has in the templates; style and script are ours, and no other runs.
 */
export function writePage(page: Page): string {
  const eta = new Eta({ escapeFunction: escapeText, useWith: false, varName: 'it', autoTrim: false })
  eta.loadTemplate('@card', CARD)
  eta.loadTemplate('@table', TABLE)
  const { downloads, cards } = page
  const indexes = new Map(page.groups.names.map((name, i) => [name, i]))
  return eta.renderString(PAGE, {
    ...page,
    ...{ first: cards.slice(0, MAX_FIRST), others: cards.slice(MAX_FIRST) },
    hasFilters: cards.length > MAX_FIRST || page.tables.some(({ rows }) => rows.length > 1),
    // Numbers, so that a row of a thousand groups stays small.
    groupsOf: (names: readonly string[]) => names.flatMap(name => indexes.get(name) ?? []).join(' '),
    policy: POLICY,
    icon: iconOf(page.grade),
    ...{ style: STYLE, script: SCRIPT },
    data: embedJson(Object.fromEntries(downloads.map(({ file, text }) => [file, text]))),
  })
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(value: unknown): string {
  return cutVisible(String(value), MAX_TEXT_LENGTH).replaceAll(/[&<>"']/g, character => String(ESCAPES[character]))
}

/** JSON for a script element: what could end the element, or begin a comment in it, is written as an escape. */
export function embedJson(value: unknown): string {
  return visibleJson(value).replaceAll(/[<>&]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** @see https://www.w3.org/TR/CSP3/ */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const COLOURS = { bad: 'c62828', doubtful: 'b26a00', good: '2e7d32' } as const

/** In the file too: a browser would ask a server for one. */
function iconOf(grade: Page['grade']): string {
  const circle = `<circle cx='8' cy='8' r='7' fill='#${COLOURS[grade]}'/>`
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${circle}</svg>`)}`
}
