import t from 'tap'
import { writeGithub } from '../../../src/report/formats/github.ts'
import { holdsInvisible } from '../../runtime/hostile-text.ts'
import { checked, NAMESPACE, POD } from '../checked.ts'
import { HOSTILE, hostile, reportOf } from './hostile.ts'

t.test('a command each, the gravest first, and the counts', t => {
  const manifest = { ...POD.manifest, file: '/work/a,b:c%.yaml', line: 3, column: 1 }
  const errors = [{ file: '/work/bad.yaml', message: 'not YAML' }]
  t.strictSame(writeGithub(reportOf({ ...checked({ ...POD, manifest }, NAMESPACE), errors })).split('\n'), [
    '::error file=bad.yaml,title=NotRead::not YAML',
    '::warning title=LabelInvalid::Namespace team-a: a label\\u000aforges a line; remove it',
    '::notice file=a%2Cb%3Ac%25.yaml,line=3,col=1,title=SecretNotFound::Pod web in namespace team-a: pull secret "amce" is not there; did you mean "acme"?',
    '::notice file=a%2Cb%3Ac%25.yaml,line=3,col=1,title=WouldInject::Pod web in namespace team-a: regcred would add "acme" (it fits this image)',
    '2 objects checked: 1 error, 1 warning, 2 notes',
    '',
  ])
  t.end()
})

t.test('hostile names make no command of their own', t => {
  const text = writeGithub(reportOf(hostile))
  const lines = text.trimEnd().split('\n')
  t.equal(lines.length, 3 * HOSTILE.length + 1)
  t.notOk(lines.some(holdsInvisible))
  for (const line of lines.slice(0, -1)) {
    // As the runner reads it: the properties end at the first two colons after the command.
    const [, properties = ''] = /^::(?:error|notice) (.*?)::/.exec(line) ?? []
    t.match(properties, /^file=[^,:]*(?:,line=\d+)?,title=\w+$/)
    t.notMatch(line, /%(?!25|0A|0D|3A|2C)/)
  }
  t.end()
})
