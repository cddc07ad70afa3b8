/** A code whose findings somebody does not want to be told, as it was written, and why; empty where nothing was said. */
export interface WrittenIgnore {
  readonly code: string
  readonly reason: string
}

/** A code, and what follows it: its reason, another code, or nothing. */
const CODE = /^\s*([A-Za-z]+)\s*(:|,|$)/
/** Where a reason ends, since another code with a reason of its own begins. */
const NEXT_CODE = /,\s*(?=[A-Z][A-Za-z]+\s*:)/

/**
 * Reads what an annotation `regcred.dev/ignore` says. The time is linear in its length for each code in it.
 *
 * | written                | read                                             |
 * | ---------------------- | ------------------------------------------------ |
 * | `A: why`, line by line | a code with its reason                           |
 * | `A: why, B: why`       | two of them; a comma in a reason is part of it   |
 * | `A, B: why`            | two codes with one reason                        |
 * | `A, B`                 | two codes without a reason                       |
 * | anything else          | a code that is none                              |
 */
export function readIgnores(annotation: string): readonly WrittenIgnore[] {
  return annotation.split('\n').flatMap(readLine)
}

function readLine(line: string): readonly WrittenIgnore[] {
  const read: WrittenIgnore[] = []
  let codes: string[] = []
  let rest = line.trim()
  while (rest !== '') {
    const [all = rest, code = rest, mark = ''] = CODE.exec(rest) ?? []
    codes.push(code)
    rest = rest.slice(all.length)
    if (mark !== ':') continue
    const end = rest.search(NEXT_CODE)
    const reason = (end === -1 ? rest : rest.slice(0, end)).trim()
    read.push(...codes.map(one => ({ code: one, reason })))
    codes = []
    rest = end === -1 ? '' : rest.slice(end + 1)
  }
  return [...read, ...codes.map(code => ({ code, reason: '' }))]
}
