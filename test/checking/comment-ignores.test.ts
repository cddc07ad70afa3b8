import t from 'tap'
import { CommentIgnores } from '../../src/checking/comment-ignores.ts'
import { POD } from '../report/checked.ts'

async function read(text: string): Promise<CommentIgnores> {
  const comments = new CommentIgnores()
  await comments.read('web.yaml', text)
  return comments
}

t.test('a text without such comments has none', async t => {
  const comments = await read('a: b # c')
  t.strictSame([comments.isEmpty, comments.all, comments.faults], [true, [], []])
})

t.test('codes and a reason, behind two dashes or a colon', async t => {
  const comments = await read(
    '# regcred-ignore: SecretNotFound, ImageInvalid -- Vault: both\n# regcred-ignore: LabelInvalid: so\na: b',
  )
  const at = { file: 'web.yaml', column: 1, target: 3 }
  t.strictSame(comments.all, [
    { ...at, line: 1, code: 'SecretNotFound', reason: 'Vault: both' },
    { ...at, line: 1, code: 'ImageInvalid', reason: 'Vault: both' },
    { ...at, line: 2, code: 'LabelInvalid', reason: 'so' },
  ])
  t.equal(comments.isEmpty, false)
})

t.test('a code that is none, and no reason, are told with their place', async t => {
  const { faults } = await read('a: b # regcred-ignore: SecretNotFond -- r\nc: d # regcred-ignore: LabelInvalid --')
  t.strictSame(faults, [
    {
      file: 'web.yaml',
      line: 1,
      column: 6,
      message: 'regcred-ignore: "SecretNotFond" is not the code of a finding; did you mean SecretNotFound?',
    },
    {
      file: 'web.yaml',
      line: 2,
      column: 6,
      message: 'regcred-ignore: LabelInvalid is ignored without a reason; write LabelInvalid: REASON',
    },
  ])
})

t.test('it is about the line of what is wrong, or the first line of the object', async t => {
  const comments = await read('a: b\nc: d # regcred-ignore: SecretNotFound -- r')
  const [finding] = POD.findings
  if (finding === undefined) return
  const fits = (
    line: number | undefined,
    found: typeof finding & { place?: { line: number; column: number } },
    file = 'web.yaml',
  ) =>
    comments.fitting({ ...POD, manifest: { ...POD.manifest, file, ...(line !== undefined && { line }) } }, found).length
  t.equal(fits(1, { ...finding, place: { line: 2, column: 9 } }), 1)
  t.equal(fits(2, { ...finding, place: { line: 9, column: 9 } }), 1)
  t.equal(fits(1, { ...finding, place: { line: 1, column: 9 } }), 0)
  t.equal(fits(undefined, finding), 0)
  t.equal(fits(2, { ...finding, code: 'ImageInvalid' }), 0)
  t.equal(fits(2, finding, 'other.yaml'), 0)
})
