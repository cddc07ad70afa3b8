/**
 * Counts work in steps, of about 50 ns each, so that whoever asks can bound it. Without one, work is not counted: on
 * manifests, for which somebody waits who wrote them himself.
 */
export interface StepCounter {
  /** Takes so many steps; false if there are none left, and what they were for is to be left undone. */
  spend(steps: number): boolean
}

/** Does not count. */
export const UNCOUNTED: StepCounter = { spend: () => true }

/** What one review may do to reach its verdict. */
const MAX_REVIEW_STEPS = 700_000
/** What it may do besides to explain the verdict, and to find what was probably meant. */
const MAX_EXPLANATION_STEPS = 100_000
/** How much more an object in a file may cost: only its author waits. */
const CHECK_FACTOR = 1000
/** What all objects of a check may do together to explain verdicts: a few seconds. */
const MAX_CHECK_EXPLANATION_STEPS = 50_000_000

/**
 * The budget of one review, in counted steps, so that no object, however it is made, and no namespace, however full, can
 * hold others up. What explains has steps of its own, which are spent first; the verdict does without it.
 */
export class Budget implements StepCounter {
  /** Of what explains; of these steps themselves the same. */
  readonly explanations: Budget
  #left: number
  #spent = 0
  #isSpent = false

  /** @param explanations steps for them, or a budget of them that is shared with others */
  constructor(steps: number = MAX_REVIEW_STEPS, explanations: number | Budget = MAX_EXPLANATION_STEPS) {
    this.#left = steps
    if (typeof explanations === 'number') this.explanations = explanations === 0 ? this : new Budget(explanations, 0)
    else this.explanations = explanations
  }

  /**
   * For objects in files, one for each. What explains comes out of one budget for them all, since each may be compared with all
   * others; it is the first that suffers if there are too many.
   */
  static forManifests(): () => Budget {
    const explanations = new Budget(MAX_CHECK_EXPLANATION_STEPS, 0)
    return () => new Budget(CHECK_FACTOR * MAX_REVIEW_STEPS, explanations)
  }

  /** Once a piece of work has been refused, all that follow are: the verdict is not of a part of the object. */
  spend(steps: number): boolean {
    if (this.#isSpent || steps > this.#left) {
      this.#isSpent = true
      return false
    }
    this.#left -= steps
    this.#spent += steps
    return true
  }

  /** Something that the verdict depends on was left undone. */
  get isSpent(): boolean {
    return this.#isSpent
  }

  /** Steps so far. */
  get steps(): number {
    return this.#spent + (this.explanations === this ? 0 : this.explanations.steps)
  }
}
