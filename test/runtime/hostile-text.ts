import fc from 'fast-check'

/** What must not leave the program, spelt out as the standard has it and apart from the expression of the code. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2069],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
]

/** Whether a text holds a character that cannot be seen, or that changes how others are seen. */
export function holdsInvisible(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (RANGES.some(([first, last]) => first <= code && code <= last)) return true
  }
  return false
}

const NASTY = RANGES.flatMap(([first, last]) => [first, last, Math.floor((first + last) / 2)])

/** Texts as anybody might write them, and worse. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('a', '\\', '"', '\n', '\u001b[2J', ...NASTY.map(code => String.fromCodePoint(code))),
  }),
)
