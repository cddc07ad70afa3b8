import t from 'tap'
import { ServerTime } from '../../src/tls/server-time.ts'

t.test('a small difference is none; a large one is made up for, and told once each way', async t => {
  const objects = { clockSkew: 0, get: async () => undefined, replace: async () => true }
  const told: unknown[] = []
  const log = (level: string) => (fields: object) => void told.push([level, fields])
  const time = new ServerTime(objects, () => 1_000_000_000, {
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
  })
  const at = (clockSkew: number) => {
    objects.clockSkew = clockSkew
    return time.now() - 1_000_000_000
  }
  t.strictSame([at(0), at(300_000), at(-300_000)], [0, 0, 0])
  t.equal(time.fault, undefined)
  t.strictSame([at(300_001), at(7_200_000), at(-7_200_000)], [300_001, 7_200_000, -7_200_000])
  t.match(time.fault, /NTP/)
  t.equal(at(1000), 0)
  t.strictSame(told, [
    ['warn', { behindMinutes: 5 }],
    ['info', { behindMinutes: 0 }],
  ])
})
