import fc from 'fast-check'
import t from 'tap'
import { isMisspelling } from '../../../src/policy/findings/misspelling.ts'

/** What does not exist, and what does. */
const MISTYPED = [
  'regcerd regcred',
  'regcre regcred',
  'regcredd regcred',
  'regcrad regcred',
  'rgecred regcred',
  'egcred regcred',
  'regcred regcreds',
  'amce acme',
  'amce-pull acme-pull',
  'pull.amce pull.acme',
  'team_regcerd team_regcred',
  'regsitry-prod registry-prod',
  'registy-eu-1 registry-eu-1',
  'harbour-creds harbour-cred',
  'acme2x acme2y',
  'dokcer-credentals dokcer-credentials',
  'dockercfg1 dockercgf1',
]

const NOT_MISTYPED = [
  // The same, or too different.
  'regcred regcred',
  'regcerdd regcred',
  'rgecerd regcred',
  'regcred-a regcred',
  'regcred acme',
  'regdcre regcred',
  ' regcred',
  // Not in a letter.
  'regcred1 regcred2',
  'regcred regcred1',
  'v1 v2',
  'regcred-v1 regcred-v2',
  '1a a1',
  'reg-cred regcred',
  'reg-cred reg.cred',
  'regc-red reg-cred',
  'reg-cred -regcred',
  'team1 team',
  // An environment.
  'registry-prd registry-prod',
  'registry-dev registry-devel',
  'registry-stg registry-stag',
  'registry-tst registry-test',
  'regcred-stagng regcred-staging',
  'prod.regcred prods.regcred',
  'regcred-prd2 regcred-pre2',
  'regcred-int regcred-ext',
  // A region.
  'regcred-eu regcred-au',
  'regcred-us regcred-eu',
  'regcred-us-1 regcred-is-1',
  'regcred-de regcred-dk',
  'regcred-east regcred-eas',
  'regcred-west regcred-wesst',
  'regcred-emea regcred-emia',
  'regcred-eu1 regcred-us1',
  // A cloud, or a registry.
  'aws-pull was-pull',
  'gcp gcr',
  'ecr gcr',
  'acr-pull ecr-pull',
  'acr gar',
  'ghcr gcr',
  'ghcr-acme ghrc-acme',
  'docker-pull docer-pull',
  'pull-hub pull-hubb',
  'quay quai',
  'pull-secret push-secret',
  // A single letter.
  'team-a team-b',
  'regcred-x regcred-xy',
  'a-regcred b-regcred',
  'a1 b1',
  'regcred- regcred-a',
]

const swapped = (pair: string) => pair.split(' ').reverse().join(' ')
const judged = (pair: string) => isMisspelling(...(pair.split(' ') as [string, string]))

t.test('what is one slip from a name is that name, mistyped', async t => {
  t.strictSame(
    MISTYPED.filter(pair => !judged(pair)),
    [],
  )
  t.strictSame(
    MISTYPED.map(swapped).filter(pair => !judged(pair)),
    [],
    'in both directions',
  )
})

t.test('what differs otherwise, or where a name says where something is, is another name', async t => {
  t.strictSame(NOT_MISTYPED.filter(judged), [])
  t.strictSame(NOT_MISTYPED.map(swapped).filter(judged), [], 'in both directions')
})

const letters = fc.string({ unit: fc.constantFrom(...'bcfhjkmqvwxz'), minLength: 6, maxLength: 12 })

t.test('one slip anywhere in a word that says nothing is always found', async () => {
  fc.assert(
    fc.property(letters, fc.nat(), fc.constantFrom('add', 'drop', 'change', 'swap'), (word, seed, slip) => {
      const at = seed % (word.length - 1)
      const made = {
        add: `${word.slice(0, at)}a${word.slice(at)}`,
        drop: word.slice(0, at) + word.slice(at + 1),
        change: `${word.slice(0, at)}a${word.slice(at + 1)}`,
        swap: word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
      }[slip]
      return made === word || (isMisspelling(made, word) && isMisspelling(`a-${word}-1`, `a-${made}-1`))
    }),
  )
})
