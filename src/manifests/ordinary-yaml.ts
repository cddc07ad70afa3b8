import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import { present } from '../runtime/present.ts'
import { resolvePlain } from './plain-scalar.ts'

/** A document as plain data, and where the value at a path of it begins; undefined where the path leads nowhere. */
export interface OrdinaryDocument {
  readonly value: unknown
  readonly offsetOf: (path: readonly (string | number)[]) => number | undefined
}

/** Depth of a document; what is deeper is not ordinary. */
const MAX_DEPTH = 100

/**
 * Reads one YAML document as long as it is ordinary, which nearly all manifests are, and five times as fast as who reads every document.
 * Undefined for any other, and for what is wrong: it is left to who can say what.
 *
 * | what                                                   | read               |
 * | ------------------------------------------------------ | ------------------ |
 * | block and flow collections, scalars of any style       | yes                |
 * | keys twice                                             | yes: the last wins |
 * | anchors, aliases, merge keys, tags                     | no                 |
 * | keys that are no text, and `__proto__`                 | no                 |
 * | directives, several documents                          | no                 |
 */
export function readOrdinaryYaml(text: string): OrdinaryDocument | undefined {
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH })
    if (events[0]?.type !== EVENT_ID.DOCUMENT || events[0].directives.length > 0) return undefined
    const reader = new Reader(text, events)
    const value = reader.readDocument()
    let root: Node | undefined
    return {
      value,
      offsetOf: path => {
        root ??= new Places(text, events).readDocument()
        return find(root, path)
      },
    }
  } catch {
    // Of its own error it may quote the file, and who reads it again says it better.
    return undefined
  }
}

/** Something that is not ordinary; it carries nothing, and is caught above. */
class NotOrdinary extends Error {}

/** Goes through the events of one document, and makes something of each scalar and collection. */
abstract class Walk<T> {
  protected readonly text: string
  readonly #events: readonly Event[]
  #at = 1

  constructor(text: string, events: readonly Event[]) {
    this.text = text
    this.#events = events
  }

  readDocument(): T {
    const value = this.#read()
    // The end of the document, and of the text.
    if (this.#next().type !== EVENT_ID.POP || this.#peek() !== undefined) throw new NotOrdinary()
    return value
  }

  protected abstract scalar(event: ScalarEvent): T
  protected abstract sequence(start: number, items: T[]): T
  protected abstract mapping(start: number, pairs: [key: string, value: T][]): T

  #read(): T {
    const event = this.#next()
    if (event.type === EVENT_ID.SCALAR) return this.scalar(this.#bare(event))
    if (event.type === EVENT_ID.SEQUENCE) {
      const items: T[] = []
      while (this.#peek()?.type !== EVENT_ID.POP) items.push(this.#read())
      this.#at += 1
      return this.sequence(this.#bare(event).start, items)
    }
    if (event.type !== EVENT_ID.MAPPING) throw new NotOrdinary()
    const pairs: [string, T][] = []
    while (this.#peek()?.type !== EVENT_ID.POP) {
      const key = this.#readKey()
      pairs.push([key, this.#read()])
    }
    this.#at += 1
    return this.mapping(this.#bare(event).start, pairs)
  }

  #readKey(): string {
    const event = this.#next()
    const key = event.type === EVENT_ID.SCALAR ? scalarOf(this.text, this.#bare(event)) : undefined
    if (typeof key !== 'string' || key === '__proto__' || key === '<<') throw new NotOrdinary()
    return key
  }

  #bare<E extends { readonly anchorStart: number; readonly tagStart: number }>(event: E): E {
    if (event.anchorStart !== -1 || event.tagStart !== -1) throw new NotOrdinary()
    return event
  }

  #peek(): Event | undefined {
    return this.#events[this.#at]
  }

  #next(): Event {
    const event = present(this.#events[this.#at])
    this.#at += 1
    return event
  }
}

class Reader extends Walk<unknown> {
  protected scalar(event: ScalarEvent): unknown {
    startOf(event, this.text)
    return scalarOf(this.text, event)
  }

  protected sequence(_: number, items: unknown[]): unknown {
    return items
  }

  protected mapping(_: number, pairs: [string, unknown][]): unknown {
    return Object.fromEntries(pairs)
  }
}

/** Where a value begins, and those in it. */
interface Node {
  readonly start: number
  readonly below?: readonly Node[] | ReadonlyMap<string, Node>
}

class Places extends Walk<Node> {
  protected scalar(event: ScalarEvent): Node {
    return { start: startOf(event, this.text) }
  }

  protected sequence(start: number, items: Node[]): Node {
    return { start, below: items }
  }

  protected mapping(start: number, pairs: [string, Node][]): Node {
    return { start, below: new Map(pairs) }
  }
}

/** Where a scalar begins: at its quote, or at the mark above the lines of a block. What is not written begins nowhere. */
function startOf({ valueStart, style }: ScalarEvent, text: string): number {
  if (style === SCALAR_STYLE.PLAIN) return Math.max(valueStart, 0)
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) return valueStart - 1
  const line = text.lastIndexOf('\n', valueStart - 2) + 1
  const above = text.slice(line, valueStart)
  // A comment may hold anything.
  const mark = above.includes('#') ? -1 : above.search(/[|>][-+1-9]*[ \t\r]*\n$/)
  if (mark === -1) throw new NotOrdinary()
  return line + mark
}

function find(root: Node, path: readonly (string | number)[]): number | undefined {
  let node: Node | undefined = root
  for (const key of path) {
    const below: Node['below'] = node?.below
    node = below instanceof Map ? below.get(String(key)) : Array.isArray(below) ? below[Number(key)] : undefined
  }
  return node?.start
}

function scalarOf(text: string, event: ScalarEvent): unknown {
  const value = getScalarValue(text, event)
  return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(value) : value
}
