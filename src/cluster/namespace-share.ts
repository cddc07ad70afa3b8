import { ReadRoom, type ReadSize } from './read-room.ts'

/** A read that waits for its turn. */
export interface WaitingRead {
  readonly size: ReadSize
  /** Told once, whether its turn has come or it is turned away. */
  readonly admit: (isTurn: boolean) => void
}

/** Turns for which a namespace is passed over at most, however much it has received. */
const MAX_DEBT_TURNS = 500

/** What one namespace has of the live reads: what waits, what is under way, and what it still owes. */
export class NamespaceShare {
  readonly name: string
  readonly #people: WaitingRead[] = []
  readonly #controllers: WaitingRead[] = []
  readonly #room = ReadRoom.ofNamespace()
  #underWay = 0
  #debt = 0

  constructor(name: string) {
    this.name = name
  }

  get waiting(): number {
    return this.#people.length + this.#controllers.length
  }

  /** It owes turns, because its reads were larger than others'. */
  get isIndebted(): boolean {
    return this.#debt > 0
  }

  /** Nothing waits or is under way. */
  get isAtRest(): boolean {
    return this.waiting === 0 && this.#underWay === 0
  }

  /** Whether it takes part in the turns for people, or for controllers; with nothing that waits, in those for people. */
  hasTurn(forPeople: boolean): boolean {
    return forPeople ? this.#people.length > 0 || this.#controllers.length === 0 : this.#controllers.length > 0
  }

  push(read: WaitingRead, forPerson: boolean): void {
    const line = forPerson ? this.#people : this.#controllers
    line.push(read)
  }

  /** A person waits for it as well. */
  hurry(read: WaitingRead): void {
    if (takeOut(this.#controllers, read)) this.#people.push(read)
  }

  /** Takes out a read that nobody waits for any more. */
  remove(read: WaitingRead): void {
    takeOut(this.#people, read)
    takeOut(this.#controllers, read)
  }

  /** Takes out the youngest read, a controller's before a person's. */
  removeYoungest(): WaitingRead | undefined {
    return this.#controllers.pop() ?? this.#people.pop()
  }

  /** Begins the oldest read for which there is room, here and in all. */
  begin(forPeople: boolean, all: ReadRoom): WaitingRead | undefined {
    const line = forPeople ? this.#people : this.#controllers
    const next = line.find(({ size }) => all.has(size, forPeople) && this.#room.has(size, forPeople))
    if (next === undefined) return undefined
    takeOut(line, next)
    for (const room of [all, this.#room]) room.take(next.size)
    this.#underWay += 1
    return next
  }

  /** @param extraTurns what the read has cost beyond its own turn */
  end({ size }: WaitingRead, all: ReadRoom, extraTurns: number): void {
    for (const room of [all, this.#room]) room.giveBack(size)
    this.#underWay -= 1
    this.#debt = Math.min(MAX_DEBT_TURNS, this.#debt + extraTurns)
  }

  /** Pays so many turns of what it owes. @returns how many of them it did not owe */
  pay(turns: number): number {
    const paid = Math.min(turns, this.#debt)
    this.#debt -= paid
    return turns - paid
  }
}

function takeOut(line: WaitingRead[], read: WaitingRead): boolean {
  const at = line.indexOf(read)
  if (at >= 0) line.splice(at, 1)
  return at >= 0
}
