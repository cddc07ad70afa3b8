import t from 'tap'
import { Patience } from '../../src/cluster/patience.ts'

const PATIENT = { timeout: 500, patience: 5000, shared: false }

/** Waits in a namespace until it is told to stop; notes for how long it may. */
function start(patience: Patience, namespace: string, options = PATIENT) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let may = 0
  const waited = patience.wait(namespace, options, milliseconds => {
    may = milliseconds
    return promise
  })
  return { may, waited, end: () => resolve('read'), fail: () => reject(new Error('failed')) }
}

t.test('who may be patient is, and who may not has the usual time', async t => {
  const patience = new Patience()
  const usual = { timeout: 500, shared: false }
  t.equal(start(patience, 'a').may, 5000)
  t.equal(start(patience, 'a', usual as typeof PATIENT).may, 500)
  t.equal(start(patience, 'a', { timeout: 200, patience: 100, shared: false }).may, 200)
})

t.test('64 of one namespace may be, and take nothing from another', async t => {
  const patience = new Patience()
  const first = Array.from({ length: 70 }, () => start(patience, 'a'))
  t.strictSame(
    first.map(({ may }) => may),
    [...Array(64).fill(5000), ...Array(6).fill(500)],
  )
  t.equal(start(patience, 'b').may, 5000)
})

t.test('once half of the room is taken, 16 of one namespace: it takes five to fill it', async t => {
  const patience = new Patience()
  const waiting = ['a', 'b', 'c', 'd', 'e', 'f'].map(
    namespace => Array.from({ length: 70 }, () => start(patience, namespace)).filter(({ may }) => may === 5000).length,
  )
  t.strictSame(waiting, [64, 16, 16, 16, 16, 0])
})

t.test('whoever has been answered, or has failed, leaves his place', async t => {
  const patience = new Patience()
  const [one, two] = Array.from({ length: 64 }, () => start(patience, 'a'))
  t.equal(start(patience, 'a').may, 500)
  one?.end()
  t.equal(await one?.waited, 'read')
  t.equal(start(patience, 'a').may, 5000)
  two?.fail()
  await t.rejects(async () => await two?.waited, { message: 'failed' })
  t.equal(start(patience, 'a').may, 5000)
  t.equal(start(patience, 'a').may, 500)
})

t.test('128 of all namespaces may be, so that there is room among the reviews for who need not wait', async t => {
  const patience = new Patience()
  const all = Array.from({ length: 200 }, (_, i) => start(patience, `ns-${i}`))
  t.equal(all.filter(({ may }) => may === 5000).length, 128)
  for (const { end } of all) end()
  await Promise.all(all.map(({ waited }) => waited))
  t.equal(start(patience, 'a').may, 5000)
})
