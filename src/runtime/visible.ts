import { present } from './present.ts'

/** Anything but the characters of a plain English text: most texts have none, and are looked at once. */
const UNUSUAL = /[^\x20-\x7e]/

/**
 * What cannot be seen, or changes how the text around it is seen: controls (C0, C1, DEL), separators of lines and paragraphs,
 * what turns the direction of text, what has no width, and halves of surrogate pairs.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Makes one line of a text that may come from anybody, in which everything can be seen: what breaks a line, controls a terminal,
 * turns the direction of the text or is not there to the eye is written as an escape, `\u202e`. No line is forged, and
 * no name passes for another.
 *
 * Every text passes through here, or through a neighbour in this file, where it leaves the program: the response of a review, the
 * log, labels of metrics, and a terminal.
 */
export function visible(text: string): string {
  return UNUSUAL.test(text) ? text.replace(INVISIBLE, escapeCharacter) : text
}

/** The same, cut to a length, with a sign that it was. */
export function cutVisible(text: string, maxLength: number): string {
  // A character never becomes shorter, so what is cut here is not there later.
  const line = visible(text.length > maxLength ? text.slice(0, maxLength + 1) : text)
  if (line.length <= maxLength) return line
  const cut = line.slice(0, maxLength - 1)
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`
}

/** The same of a text of several lines, such as a help page. */
export function visibleLines(text: string): string {
  return UNUSUAL.test(text) ? text.replace(INVISIBLE, keepLines) : text
}

/** The strings of a value that is going to be written, such as the fields of a line of the log. Instances of classes stay as they are. */
export function visibleStrings(value: unknown): unknown {
  if (typeof value === 'string') return visible(value)
  if (Array.isArray(value)) return value.map(visibleStrings)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [visible(key), visibleStrings(part)]))
}

/**
 * A value as JSON, in which programs find every string as it is, and people see no more than can be seen: JSON has the same
 * escapes, for each half of a surrogate pair one.
 */
export function visibleJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent)
  return UNUSUAL.test(json) ? json.replace(INVISIBLE, keepJson) : json
}

function keepLines(character: string): string {
  return character === '\n' ? character : escapeCharacter(character)
}

/** JSON.stringify has escaped the line breaks of strings: those that are left are of its own. */
function keepJson(character: string): string {
  if (character === '\n') return character
  return Array.from({ length: character.length }, (_, i) => escapeUnit(character.charCodeAt(i))).join('')
}

/** As Go, Python and YAML write it. */
function escapeCharacter(character: string): string {
  const code = present(character.codePointAt(0))
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : escapeUnit(code)
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

/**
 * A text of its own: a part of a string keeps the whole of it in memory, which may be a megabyte of a docker config. JSON.parse makes
 * its strings anew.
 */
export function ownText(text: string): string {
  return JSON.parse(JSON.stringify(text))
}
