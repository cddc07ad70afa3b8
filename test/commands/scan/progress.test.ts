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
  progress.show(0, 38, 0)
  t.equal(written(), '')
  clock.now = 600
  progress.show(27, 38, 310)
  t.equal(written(), '27 of 38 namespaces, 310 workloads …')
  clock.now = 650
  progress.show(28, 38, 320)
  t.equal(written(), '', 'nobody reads as fast')
  clock.now = 800
  progress.show(29, 38, 330)
  t.equal(written(), '\u001b[1G\u001b[2K29 of 38 namespaces, 330 workloads …')
  progress.end()
  t.equal(written(), '\u001b[1G\u001b[2K')
  progress.end()
  t.equal(written(), '')
})

t.test('what is not a terminal sees none', async t => {
  const { progress, clock, written } = progressOn(false)
  clock.now = 10_000
  progress.show(27, 38, 310)
  progress.end()
  t.equal(written(), '')
})
