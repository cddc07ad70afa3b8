import { SkimmedText } from './skimmed-text.ts'

/** Members whose names begin so are the items of a list among field owners. */
const ITEM_OWNER = 'k:'
/** Bytes of a name that is looked at: the longest is that of a pull secret among field owners. */
const MAX_MEMBER_NAME_BYTES = 512
/** Objects and lists in one another, as deep as the API server reads. */
const MAX_KEPT_DEPTH = 10_000

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const LIST = 0x5b
const LIST_END = 0x5d
const OBJECT = 0x7b
const OBJECT_END = 0x7d

/** Of the hash FNV-1a, with 32 bits. */
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** An object or a list that has begun and is kept. */
interface Frame {
  readonly isObject: boolean
  members: number
  /** Of the members that were left out; 0 where none was. */
  hash: number
}

type State = 'between' | 'name' | 'text' | 'skipped' | 'skippedText'

/**
 * Copies of a review, as JSON in pieces, what is read of it, before it is parsed: an object that etcd stores in 1.5 MiB may
 * take eight times as much in a review, old and new, and nearly nothing of that is ever looked at.
 *
 * In place of the members that are left out an object has one member `~` with their hash, so that two objects of which one is
 * changed still differ. The hash is no secret and not safe: who finds two parts with the same has a change of what is not read
 * go unnoticed.
 *
 * What is no JSON is copied as if it were, and what is left out is not checked.
 */
export class Skimmer {
  readonly #names: ReadonlySet<string>
  readonly #text: SkimmedText
  /** The frames around {@link #frame}. */
  readonly #outer: Frame[] = []
  #frame: Frame = { isObject: false, members: 0, hash: 0 }
  readonly #name = Buffer.alloc(MAX_MEMBER_NAME_BYTES)
  #nameLength = 0
  #state: State = 'between'
  /** A name comes next, if anything. */
  #awaitsName = false
  #isEscaped = false
  /** Of what is left out, inside the member. */
  #depth = 0
  #isTooDeep = false

  /** @param maxBytes of what is kept */
  constructor(names: ReadonlySet<string>, maxBytes: number) {
    this.#names = names
    this.#text = new SkimmedText(maxBytes)
  }

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length && !this.#isTooDeep && !this.#text.isFull; ) {
      const byte = Number(piece[at])
      if (this.#state === 'skippedText') at = this.#skipText(piece, at)
      else if (this.#state === 'text') at = this.#copyText(piece, at)
      else {
        if (this.#state === 'between') this.#between(byte)
        else if (this.#state === 'name') this.#inName(byte)
        else this.#skip(byte)
        at += 1
      }
    }
  }

  /** Why it is not to be parsed; undefined where it may be. */
  get fault(): string | undefined {
    if (this.#isTooDeep) return `it is nested more than ${MAX_KEPT_DEPTH} levels deep`
    return this.#text.isFull ? 'too much of it would have to be looked at' : undefined
  }

  /** What is kept. */
  take(): readonly Uint8Array[] {
    return this.#text.take()
  }

  #between(byte: number): void {
    if (byte === QUOTE && this.#awaitsName) {
      this.#state = 'name'
      this.#nameLength = 0
      return
    }
    if (byte === COMMA && this.#frame.isObject) {
      this.#awaitsName = true
      return
    }
    if (byte === OBJECT_END || byte === LIST_END) this.#close()
    this.#text.add(byte)
    if (byte === QUOTE) this.#state = 'text'
    else if (byte === OBJECT || byte === LIST) this.#begin(byte === OBJECT)
  }

  #begin(isObject: boolean): void {
    this.#outer.push(this.#frame)
    this.#frame = { isObject, members: 0, hash: 0 }
    this.#awaitsName = isObject
    this.#isTooDeep = this.#outer.length > MAX_KEPT_DEPTH
  }

  #close(): void {
    const { members, hash } = this.#frame
    if (hash !== 0) {
      const member = Buffer.from(`${members > 0 ? ',' : ''}"~":"${(hash >>> 0).toString(36)}"`)
      this.#text.addAll(member, member.length)
    }
    this.#frame = this.#outer.pop() ?? this.#frame
    this.#awaitsName = false
  }

  #inName(byte: number): void {
    if (byte === QUOTE && !this.#isEscaped) {
      this.#endName()
      return
    }
    this.#isEscaped = byte === BACKSLASH && !this.#isEscaped
    if (this.#nameLength < MAX_MEMBER_NAME_BYTES) this.#name[this.#nameLength] = byte
    this.#nameLength += 1
  }

  #endName(): void {
    this.#awaitsName = false
    if (this.#isRead()) {
      this.#state = 'between'
      if (this.#frame.members > 0) this.#text.add(COMMA)
      this.#frame.members += 1
      this.#text.add(QUOTE)
      this.#text.addAll(this.#name, this.#nameLength)
      this.#text.add(QUOTE)
    } else {
      this.#state = 'skipped'
      this.#depth = 0
      for (const byte of this.#name.subarray(0, this.#nameLength)) this.#hash(byte)
    }
  }

  #isRead(): boolean {
    if (this.#nameLength > MAX_MEMBER_NAME_BYTES) return false
    const name = this.#name.toString('latin1', 0, this.#nameLength)
    return this.#names.has(name) || name.startsWith(ITEM_OWNER)
  }

  #skip(byte: number): void {
    if (this.#depth === 0 && (byte === COMMA || byte === OBJECT_END)) {
      this.#state = 'between'
      this.#between(byte)
      return
    }
    this.#hash(byte)
    if (byte === QUOTE) this.#state = 'skippedText'
    else if (byte === OBJECT || byte === LIST) this.#depth += 1
    else if (byte === OBJECT_END || byte === LIST_END) this.#depth -= 1
  }

  /** @returns where what is left of the piece begins */
  #copyText(piece: Uint8Array, from: number): number {
    let at = from
    for (; at < piece.length && !this.#text.isFull; at += 1) {
      if (!this.#text.addToString(Number(piece[at]))) continue
      this.#state = 'between'
      return at + 1
    }
    return at
  }

  /** @returns where what is left of the piece begins */
  #skipText(piece: Uint8Array, from: number): number {
    let [hash, isEscaped, at] = [this.#frame.hash, this.#isEscaped, from]
    for (; at < piece.length && this.#state === 'skippedText'; at += 1) {
      const byte = Number(piece[at])
      hash = Math.imul(hash ^ byte, FNV_PRIME)
      if (isEscaped) isEscaped = false
      else if (byte === BACKSLASH) isEscaped = true
      else if (byte === QUOTE) this.#state = 'skipped'
    }
    this.#frame.hash = hash
    this.#isEscaped = isEscaped
    return at
  }

  #hash(byte: number): void {
    this.#frame.hash = Math.imul((this.#frame.hash || FNV_OFFSET) ^ byte, FNV_PRIME)
  }
}
