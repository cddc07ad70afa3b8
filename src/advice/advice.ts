/** Every kind of advice that there is: `test/e2e/review/advice.test.ts` has a case for each, in which it is followed. */
export const ADVICE_KINDS = [
  'suggestName',
  'createSecret',
  'recreateSecret',
  'recreateFromLogin',
  'changeSecretInGit',
  'renewCredentials',
  'correctRegistry',
  'spellOutRegistry',
  'completeEntry',
  'trimPassword',
  'listSecret',
  'listAnother',
  'listFewer',
  'correctImage',
  'recreatePod',
  'correctLabel',
  'quoteLabel',
  'letThrough',
  'tryAgain',
  'makeSmaller',
  'goOnAdding',
  'lookFurther',
] as const

export type AdviceKind = (typeof ADVICE_KINDS)[number]

/** What to do about something that is wrong. It is the end of what is said, so that a command in it can be copied. */
export interface Advice {
  readonly kind: AdviceKind
  readonly text: string
}

/** What is said to a person: what is wrong, and what to do about it. */
export interface Told {
  readonly problem: string
  readonly advice: Advice
}

/** One line. */
export function writeTold({ problem, advice }: Told): string {
  return `${problem}; ${advice.text}`
}
