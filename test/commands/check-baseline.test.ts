import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { run } from './spawn.ts'

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'web', image: 'UPPER' }] },
}

t.test('an old repository fails once, then with what is new', async t => {
  const folder = t.testdir({ 'web.json': JSON.stringify(POD) })
  const baseline = join(folder, 'regcred-baseline.txt')
  const check = (...args: string[]) => run('check', folder, '--baseline', baseline, ...args)
  t.match(await check(), {
    status: 2,
    out: '',
    err: `regcred: there is no file ${baseline}; add --update-baseline to write it\n`,
  })
  const none = '1 object checked: 0 errors, 0 warnings, 0 notes\n'
  t.match(await check('--update-baseline', '--fail-on', 'note'), {
    status: 0,
    out: none,
    err: /now has 1 finding: 1 added, 0 removed\n/,
  })
  t.strictSame(readdirSync(folder), ['regcred-baseline.txt', 'web.json'], 'nothing lies beside it')
  t.match(await check('--fail-on', 'note'), { status: 0, out: none, err: /left out 1 finding of the baseline/ })
  t.match(readFileSync(baseline, 'utf8'), /^\{"namespace":"default","kind":"Pod","name":"web","code":"ImageInvalid"/m)
  const cannot = await run('check', folder, '--baseline', join(folder, 'none/b.json'), '--update-baseline')
  t.match(cannot, { status: 2, err: /cannot write .*: no such file or directory\n$/ })
})
