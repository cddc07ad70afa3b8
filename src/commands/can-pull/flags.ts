import type { AskFlags } from '../../ask/ask-flags.ts'

export interface CanPullFlags extends AskFlags {
  readonly as?: string
  readonly secret: readonly string[]
  readonly filename: readonly string[]
  readonly config?: string
  readonly quiet?: boolean
  readonly all?: boolean
  readonly output: 'text' | 'json'
}
