import { type Inspected, isFine } from '../../inspection/inspected.ts'
import type { InspectedInUse } from '../../report/inspected-text.ts'

/** What was inspected: some of it to show, and how much more there is. */
export interface InspectedAll {
  readonly shown: readonly InspectedInUse[]
  readonly more: number
  /** How many of those do not work. */
  readonly moreWrong: number
  readonly faults: readonly string[]
}

/** Takes in what is inspected, and keeps as much of it as will be shown. */
export class Collected {
  readonly shown: Inspected[] = []
  more = 0
  moreWrong = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  add(inspected: Inspected): void {
    if (this.shown.length < this.#limit) this.shown.push(inspected)
    else {
      this.more += 1
      if (!isFine(inspected)) this.moreWrong += 1
    }
  }
}
