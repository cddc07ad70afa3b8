import { PassThrough } from 'node:stream'
import t from 'tap'
import { Progress } from '../../../src/commands/scan/progress.ts'

function progressOn(isTTY: boolean) {
  const stderr = Object.assign(new PassThrough(), { isTTY })
  const clock = { now: 0 }
  const written = () => String(stderr.read() ?? '')
  return { progress: new Progress({ stderr }, () => clock.now), clock, written }
}

t.test('a long scan shows on a terminal how far it is, and nothing of it stays', async t => {
  const { progress, clock, written } = progressOn(true)
  clock.now = 600
  progress.show(27, 38, 310)
  t.equal(written(), '27 of 38 namespaces, 310 workloads …')
  progress.end()
  t.equal(written(), '\u001b[1G\u001b[2K')
})
