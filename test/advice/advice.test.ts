import t from 'tap'
import { ADVICE_KINDS, writeTold } from '../../src/advice/advice.ts'

t.test('what is said ends with what to do', async t => {
  t.equal(
    writeTold({ problem: 'it is broken', advice: { kind: 'tryAgain', text: 'try again' } }),
    'it is broken; try again',
  )
})

t.test('each kind of advice is there once', async t => t.equal(new Set(ADVICE_KINDS).size, ADVICE_KINDS.length))
