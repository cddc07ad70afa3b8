import { styleText } from 'node:util'
import { visible, visibleLines } from './visible.ts'

/** A text in which everything can be seen, and what of a terminal's sequences is in it is ours. Only a {@link Terminal} makes it. */
class Shown {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

export type { Shown }

/**
 * Writes to a stream that people read, which may be a terminal: names and messages may come from anybody, and never control it.
 * There is colour only on a terminal.
 */
export class Terminal {
  readonly #stream: NodeJS.WritableStream

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream
  }

  /** A text with a format. */
  paint(format: 'bold' | 'cyan' | 'green' | 'red' | 'yellow', text: string): Shown {
    return new Shown(styleText(format, inert(visible(text)), { stream: this.#stream }))
  }

  /** A template of a line, or of a part of one: what it says itself is shown as it is, and what is put in is made visible. */
  line(strings: TemplateStringsArray, ...values: readonly (string | number | Shown)[]): Shown {
    const shown = values.map(value => (value instanceof Shown ? value.toString() : inert(visible(String(value)))))
    return new Shown(String.raw({ raw: strings }, ...shown))
  }

  /** Writes lines, at once. */
  write(...lines: readonly Shown[]): void {
    this.#stream.write(lines.map(line => `${line}\n`).join(''))
  }

  /** Writes lines of fields for a program, with a tab between them. */
  writeFields(...rows: readonly (readonly string[])[]): void {
    this.#stream.write(rows.map(fields => `${fields.map(visible).join('\t')}\n`).join(''))
  }

  /** Writes a text of several lines that was made elsewhere, such as a document or a help page. */
  writeText(text: string): void {
    this.#stream.write(visibleLines(text))
  }
}

/** A runner of GitHub's takes `##[` for the beginning of a command, wherever it stands in a line of its log. */
function inert(text: string): string {
  return text.replaceAll('##[', '#\\u0023[')
}
