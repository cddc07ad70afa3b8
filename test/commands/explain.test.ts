import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { explainCommand } from '../../src/commands/explain.ts'
import { FINDINGS } from '../../src/policy/finding.ts'
import { CommandError } from '../../src/runtime/command-error.ts'

async function explain(codes: readonly string[], columns?: number): Promise<string> {
  const stdout = Object.assign(new PassThrough(), columns === undefined ? {} : { columns })
  await explainCommand({ stdout }).parseAsync(codes, { from: 'user' })
  stdout.end()
  return text(stdout)
}

t.test('without a code all are listed, a line each', async t => {
  const lines = (await explain([])).trimEnd().split('\n')
  t.equal(lines.length, Object.keys(FINDINGS).length)
  t.match(lines[0], /^SecretNotFound {2,}a Secret in imagePullSecrets does not exist$/)
})

t.test('a code in whatever case is explained, as wide as the terminal is', async t => {
  const shown = await explain(['secretwrongtype'], 60)
  t.match(shown, /^SecretWrongType: a Secret in imagePullSecrets is not a pull/)
  t.match(shown, '\n    type: Opaque\n')
  t.match(shown, '\nTo switch it off for a cluster')
  const paragraphs = shown.split('\n').filter(line => !line.startsWith(' '))
  t.ok(paragraphs.every(line => line.length <= 60))
  const wide = await explain(['SecretWrongType'])
  t.ok(wide.split('\n').length < shown.split('\n').length)
})

t.test('of a code that does not exist the one that was meant is named', async t => {
  await t.rejects(
    explain(['SecretNotfond']),
    new CommandError('there is no finding with the code "SecretNotfond"; did you mean SecretNotFound?'),
  )
  await t.rejects(
    explain(['pods']),
    new CommandError('there is no finding with the code "pods"; regcred explain lists them'),
  )
})
