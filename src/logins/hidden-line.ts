/** Characters of a line that is typed; what is longer is not typed. */
const MAX_LINE_LENGTH = 65_536

const ENTER: ReadonlySet<string> = new Set(['\r', '\n'])
const ERASE: ReadonlySet<string> = new Set(['\x7f', '\b'])
const CANCEL: ReadonlySet<string> = new Set(['\x03', '\x04'])
const CLEAR = '\x15'

/**
 * What is typed at a terminal in raw mode until Enter. The terminal does nothing by itself then: Backspace and Ctrl-U are done here,
 * Ctrl-C and Ctrl-D cancel, and another control character (an arrow key sends one) is part of no password.
 */
export class HiddenLine {
  #typed: string[] = []

  /** Takes what has come. */
  add(text: string): 'more' | 'done' | 'cancelled' | 'odd' {
    for (const character of text) {
      if (ENTER.has(character)) return 'done'
      if (CANCEL.has(character)) return 'cancelled'
      if (ERASE.has(character)) this.#typed.pop()
      else if (character === CLEAR) this.#typed = []
      else if (character < ' ' || this.#typed.length >= MAX_LINE_LENGTH) return 'odd'
      else this.#typed.push(character)
    }
    return 'more'
  }

  get text(): string {
    return this.#typed.join('')
  }
}
