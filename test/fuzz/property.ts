import type { Arbitrary } from 'fast-check'

/** Something that holds for every input of a kind. Inputs are bytes, so that one that breaks it can be kept as a file. */
export interface Property {
  /** Also the beginning of the names of the files that keep what broke it. */
  readonly name: string
  readonly inputs: Arbitrary<Buffer>
  /** Throws if it does not hold. */
  readonly check: (input: Buffer) => void | Promise<void>
}
