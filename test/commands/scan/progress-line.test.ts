import { PassThrough } from 'node:stream'
import t from 'tap'
import { ProgressLine } from '../../../src/commands/scan/progress.ts'

function progressOn(isTTY: boolean) {
  const stderr = Object.assign(new PassThrough(), { isTTY })
  const clock = { now: 0 }
  const written = () => String(stderr.read() ?? '')
  return { progress: new ProgressLine(stderr, () => clock.now), clock, written }
}

t.test('what lasts shows on a terminal how far it is, and nothing of it stays', async t => {
  const { progress, clock, written } = progressOn(true)
  progress.show('0 of 38 …')
  t.equal(written(), '')
  clock.now = 600
  progress.show('27 of 38 …')
  t.equal(written(), '27 of 38 …')
  clock.now = 650
  progress.show('28 of 38 …')
  t.equal(written(), '', 'nobody reads as fast')
  clock.now = 800
  progress.show('29 of 38 …')
  t.equal(written(), '\u001b[1G\u001b[2K29 of 38 …')
  progress.end()
  t.equal(written(), '\u001b[1G\u001b[2K')
  progress.end()
  t.equal(written(), '')
})

t.test('what is not a terminal sees none', async t => {
  const { progress, clock, written } = progressOn(false)
  clock.now = 10_000
  progress.show('27 of 38 …')
  progress.end()
  t.equal(written(), '')
})
