import { visibleJson } from '../runtime/visible.ts'

/** One thing that is wrong with a configuration file, at a place that a person can go to. */
export interface Fault {
  /** Where in the configuration, e.g. `registries.private[1]`; empty for the file as a whole. */
  readonly path: string
  /** Absent where no place in the file is to blame. */
  readonly place?: Place
  /** What is wrong and what would be right, in one line. */
  readonly message: string
}

/** A place in a file; both count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The keys and indices that lead to a value. */
export type Path = readonly (string | number)[]

/** Writes a fault as compilers do, `regcred.yaml:3:7: mode: …`, so that terminals and editors can follow it. */
export function formatFault(fileName: string, { path, place, message }: Fault): string {
  const where = place === undefined ? fileName : `${fileName}:${place.line}:${place.column}`
  return path === '' ? `${where}: ${message}` : `${where}: ${path}: ${message}`
}

/** Writes a path as people do: `registries.private[1]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    if (!/^[\w-]{1,60}$/.test(key)) return `${text}[${quote(key)}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** Characters of a text from a file that is quoted in a message. */
const MAX_QUOTED_LENGTH = 60

/** Puts text from a file into quotes. */
export function quote(text: string): string {
  return visibleJson(text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH - 1)}…` : text)
}
