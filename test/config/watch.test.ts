import t from 'tap'
import { formatFault } from '../../src/config/fault.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { watchConfiguration } from '../../src/config/watch.ts'
import { HEAD } from './refused.ts'

// When a file is looked at is tested in test/runtime/watch-files.test.ts.
t.test(
  'a content that holds is told, a bad one once with its faults, and the good one again when it comes back',
  async t => {
    let text = `${HEAD}mode: warn\n`
    let look = () => {}
    const told: string[] = []
    const watch = watchConfiguration('f.yaml', {
      load: async () => ({ reading: parseConfiguration(text, 'f.yaml'), digest: text }),
      onSettings: ({ settings }) => told.push(settings.mode),
      onFaults: faults => told.push(...faults.map(fault => formatFault('f.yaml', fault))),
      watchFolder: () => () => {},
      schedule: task => {
        look = task
        return () => {}
      },
    })
    for (const next of [text, `${HEAD}mode: 3\n`, `${HEAD}mode: 3\n`, text]) {
      await new Promise(setImmediate)
      text = next
      look()
    }
    await new Promise(setImmediate)
    t.strictSame(told, ['warn', 'f.yaml:3:7: mode: must be one of off, audit, warn, enforce, found 3', 'warn'])
    watch.stop()
  },
)

t.test('a file that is not there is told', async t => {
  const { promise, resolve } = Promise.withResolvers<readonly { readonly message: string }[]>()
  const watch = watchConfiguration(`${t.testdir()}/none.yaml`, {
    onSettings: () => t.fail('there is none'),
    onFaults: resolve,
    watchFolder: () => () => {},
  })
  t.match(await promise, [{ message: 'no such file or folder' }])
  watch.stop()
})
