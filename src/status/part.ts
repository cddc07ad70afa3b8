/**
 * How a part of an installation is.
 *
 * | state   | means                                                    |
 * | ------- | -------------------------------------------------------- |
 * | good    | as it should be                                          |
 * | odd     | it works, and somebody should know                       |
 * | bad     | it does not work                                         |
 * | unknown | it could not be asked about                              |
 */
export type PartState = 'good' | 'odd' | 'bad' | 'unknown'

export type PartName =
  | 'installation'
  | 'replicas'
  | 'version'
  | 'webhooks'
  | 'failurePolicy'
  | 'certificate'
  | 'dryRun'
  | 'mode'

/** One thing that was looked at. */
export interface Part {
  readonly part: PartName
  readonly state: PartState
  /** One line for people. */
  readonly text: string
  /** What to do, with at most one command, at its end. */
  readonly next?: string
  /** The same for programs. */
  readonly facts?: Readonly<Record<string, unknown>>
}
