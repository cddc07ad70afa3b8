import t from 'tap'
import { redactError } from '../../src/runtime/redact-error.ts'

t.test('where it happened, and not what was being read', async t => {
  const bug = redactError(new TypeError('cannot read cGFzc3dvcmQ=\n    of it'))
  t.equal(bug.error, 'TypeError')
  t.ok(bug.at.length > 0 && bug.at.length <= 5)
  t.match(bug.at[0], /^at .*\.test\.ts/)
  t.notMatch(JSON.stringify(bug), /cGFzc3dvcmQ/)
})

t.test('what is thrown and is no error', async t => {
  t.strictSame(redactError('cGFzc3dvcmQ='), { error: 'string', at: [] })
})
