import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { publish } from '../../src/tls/ca-bundle.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import { notAfter, type Pair } from '../../src/tls/pair.ts'
import { CONFIGURATIONS, FakeObjects, SECRET } from './fake-objects.ts'
import { faultForClients, LIFETIME, NAMES, pass, Replica, START } from './replicas.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** What is wrong, for a client of any webhook, with what a replica serves; undefined if nothing is. */
function faultOf(replica: Replica, objects: FakeObjects): string | undefined {
  const { serving } = replica
  if (serving === undefined) return 'it serves nothing'
  return objects.bundles.map(bundle => faultForClients(serving, bundle, replica.now)).find(fault => fault !== undefined)
}

function faultsOf(replicas: readonly Replica[], objects: FakeObjects): string[] {
  return replicas.flatMap(replica => faultOf(replica, objects) ?? [])
}

t.test('the first replica makes a certificate, publishes its authority, and only then serves', async t => {
  const objects = new FakeObjects()
  const writes: string[] = []
  objects.options = { written: path => writes.push(path) }
  const replica = new Replica(objects, START, NAMES, () => writes.push('served'))
  await pass([replica], 1000)
  t.strictSame(writes, [SECRET, ...CONFIGURATIONS, SECRET, 'served'])
  t.equal(faultOf(replica, objects), undefined)
  t.equal(notAfter(replica.served[0] as Pair), START + LIFETIME)
  t.strictSame(Object.keys(objects.secret).sort(), ['ca.crt', 'tls.crt', 'tls.key'])
  t.match(objects.objects.get(SECRET), { type: 'Opaque', metadata: { labels: { a: 'b' } } }, 'the rest stays')
  t.strictSame(replica.pairs.health(), { ok: true, detail: 'self-managed in Secret regcred-system/regcred-tls' })
  writes.length = 0
  await pass([replica], MINUTE)
  t.strictSame(writes, [], 'then there is nothing to do')
  t.notMatch(JSON.stringify(replica.lines), /PRIVATE|BEGIN/)
  await replica.pairs.stop()
})

t.test('replicas that begin together agree on one certificate', async t => {
  const objects = new FakeObjects()
  const replicas = [1, 2, 3].map(() => new Replica(objects))
  await pass(replicas, 20_000)
  t.ok(objects.conflicts > 0, 'they were in each other’s way')
  t.strictSame(new Set(replicas.map(({ serving }) => serving?.cert)).size, 1)
  t.strictSame(faultsOf(replicas, objects), [])
  await Promise.all(replicas.map(({ pairs }) => pairs.stop()))
})

t.test('after two thirds of its life another follows, whose authority was known for a while before', async t => {
  const objects = new FakeObjects()
  const published = new Map<string, number>()
  const replica = new Replica(objects)
  objects.options = {
    written() {
      for (const ca of objects.bundles[0] ?? []) if (!published.has(ca)) published.set(ca, replica.now)
    },
  }
  await pass([replica], 1000)
  const [first] = replica.served
  await pass([replica], (LIFETIME * 2) / 3 - 2000)
  t.equal(replica.serving, first, 'a moment before nothing has happened')
  let takenAt = 0
  while (replica.serving === first) {
    await pass([replica], 1000)
    takenAt = replica.now
  }
  t.equal(faultOf(replica, objects), undefined)
  const [, second = 0] = published.values()
  t.ok(takenAt - second >= 10_000, 'the authority was published before')
  t.equal(objects.bundles[0]?.length, 2, 'the old one stays beside the new')
  for (let i = 0; i < 3; i += 1) await pass([replica], (LIFETIME * 2) / 3 + MINUTE)
  t.equal(replica.served.length, 5)
  t.equal(objects.bundles[0]?.length, 4, 'and goes when no leaf of it can serve any more')
  await replica.pairs.stop()
})

t.test('a replica that ends between any two steps is made up for by the next', async t => {
  const faults: string[] = []
  for (let steps = 0; steps < 10; steps += 1) {
    const objects = new FakeObjects()
    const first = new Replica(objects)
    await pass([first], 1000)
    await first.pairs.stop()
    // A rotation is due. One replica goes so many writes far and ends there; another, that never heard of it, goes on.
    const began = START + LIFETIME * 0.7
    let left = steps
    objects.options = {
      before(verb) {
        if (verb === 'update') left -= 1
        if (left < 0) throw new ApiError('unreachable')
      },
    }
    const unlucky = new Replica(objects, began)
    await unlucky.idle()
    for (let i = 0; i < 5 && left >= 0; i += 1) await pass([unlucky], 10_000)
    await unlucky.pairs.stop()
    objects.options = {}
    const second = new Replica(objects, began + MINUTE)
    await pass([second], MINUTE)
    const isRenewed = notAfter(second.serving as Pair) > START + LIFETIME
    // What the unlucky one served is still trusted.
    const found = faultsOf(unlucky.serving === undefined ? [second] : [second, unlucky], objects)
    if (!isRenewed) found.push('it is not renewed')
    faults.push(...found.map(fault => `${steps} writes: ${fault}`))
    await second.pairs.stop()
  }
  t.strictSame(faults, [])
})

const other = await issueCertificate(NAMES, { now: START, lifetime: LIFETIME })
const elsewhere = await issueCertificate(['elsewhere.svc'], { now: START, lifetime: LIFETIME })
const expired = await issueCertificate(NAMES, { now: START - LIFETIME, lifetime: LIFETIME - MINUTE })
const damages: { name: string; data: Readonly<Record<string, string>> }[] = [
  { name: 'emptied', data: {} },
  { name: 'filled with words', data: { 'tls.crt': 'hunter2', 'tls.key': 'hunter2', 'ca.crt': 'hunter2' } },
  { name: 'given the key of another', data: { 'tls.crt': other.cert, 'tls.key': elsewhere.key, 'ca.crt': other.ca } },
  {
    name: 'given the authority of another',
    data: { 'tls.crt': other.cert, 'tls.key': other.key, 'ca.crt': elsewhere.ca },
  },
  { name: 'given no authority', data: { 'tls.crt': other.cert, 'tls.key': other.key, 'ca.crt': '' } },
  {
    name: 'given a leaf for its authority',
    data: { 'tls.crt': other.cert, 'tls.key': other.key, 'ca.crt': other.cert },
  },
  { name: 'given an expired pair', data: { 'tls.crt': expired.cert, 'tls.key': expired.key, 'ca.crt': expired.ca } },
  {
    name: 'given a pair for another name',
    data: { 'tls.crt': elsewhere.cert, 'tls.key': elsewhere.key, 'ca.crt': elsewhere.ca },
  },
]

for (const { name, data } of damages) {
  t.test(`a Secret that was ${name} is filled anew, and the last good pair serves meanwhile`, async t => {
    const objects = new FakeObjects()
    const replica = new Replica(objects)
    await pass([replica], 1000)
    objects.putSecret(data)
    const [first] = replica.served
    await pass([replica], 11_000)
    t.equal(replica.serving, first, 'the last good one stays')
    t.equal(faultOf(replica, objects), undefined)
    await pass([replica], MINUTE)
    t.equal(replica.served.length, 2, 'nothing of the damage was served')
    t.equal(faultOf(replica, objects), undefined)
    await replica.pairs.stop()
  })
}

t.test('a good pair that somebody else put into the Secret is served once its authority is known', async t => {
  const objects = new FakeObjects()
  const replica = new Replica(objects)
  await pass([replica], 1000)
  objects.putSecret({ 'tls.crt': other.cert, 'tls.key': other.key, 'ca.crt': other.ca })
  await pass([replica], 15_000)
  t.equal(replica.served.length, 1)
  await pass([replica], 15_000)
  t.equal(replica.serving?.cert.trim(), other.cert.trim())
  t.equal(faultOf(replica, objects), undefined)
  await replica.pairs.stop()
})

t.test('without its Secret or a configuration a replica waits, says so once, and goes on when it is back', async t => {
  for (const path of [SECRET, ...CONFIGURATIONS]) {
    const objects = new FakeObjects()
    const kept = objects.objects.get(path)
    objects.objects.delete(path)
    const replica = new Replica(objects)
    await pass([replica], MINUTE)
    t.equal(replica.serving, undefined)
    t.match(replica.pairs.health(), { ok: false, detail: /404, NotFound.* helm upgrade brings it back/ })
    t.equal(replica.lines.filter(({ level }) => level === 'warn').length, 1)
    objects.put(path, Object(kept))
    await pass([replica], 15_000)
    t.equal(faultOf(replica, objects), undefined)
    t.equal(replica.lines.filter(({ message }) => /renewal works again/.test(message)).length, 1)
    t.ok(replica.pairs.health().ok)
    objects.objects.delete(path)
    await pass([replica], MINUTE)
    t.equal(replica.served.length, 1, 'and goes on serving without it')
    await replica.pairs.stop()
  }
})

t.test('authorities that were taken out of a configuration are published again', async t => {
  const objects = new FakeObjects()
  const replica = new Replica(objects)
  await pass([replica], 1000)
  for (const path of CONFIGURATIONS) objects.put(path, Object(new FakeObjects().objects.get(path)))
  t.equal(faultOf(replica, objects), 'nobody who is trusted signed it')
  await pass([replica], 10_000)
  t.equal(faultOf(replica, objects), undefined)
  await replica.pairs.stop()
})

t.test('two versions that want different names agree on both', async t => {
  const objects = new FakeObjects()
  const names = ['regcred.other.svc', '127.0.0.1']
  const replicas = [new Replica(objects), new Replica(objects, START, names)]
  await pass(replicas, 2 * MINUTE)
  const before = replicas.map(({ served }) => served.length)
  await pass(replicas, LIFETIME / 3)
  t.strictSame(
    replicas.map(({ served }) => served.length),
    before,
    'and do not replace it in turns',
  )
  const faults = replicas.flatMap(({ serving }) =>
    [...NAMES, ...names].flatMap(
      name => faultForClients(serving as Pair, objects.bundles[0] ?? [], START, [name]) ?? [],
    ),
  )
  t.strictSame(faults, [])
  await Promise.all(replicas.map(({ pairs }) => pairs.stop()))
})

t.test('a replica whose clock is wrong does not take the certificate from the others', async t => {
  const faults: string[] = []
  const ways = [365 * 24 * HOUR, -365 * 24 * HOUR, 0.9 * LIFETIME, -2 * HOUR]
  for (const [wrongBy, tellsTime] of ways.flatMap(way => [[way, true] as const, [way, false] as const])) {
    const objects = new FakeObjects()
    const right = [new Replica(objects), new Replica(objects)]
    const wrong = new Replica(objects)
    wrong.tellsTime = tellsTime
    const all = [...right, wrong]
    await pass(all, 30_000)
    wrong.wrongBy = wrongBy
    const note = (when: string, found: readonly string[]) => {
      faults.push(...found.map(fault => `${wrongBy / HOUR} h, ${when}: ${fault}`))
    }
    for (let turn = 0; turn < 8; turn += 1) {
      await pass(all, MINUTE / 4)
      note(`turn ${turn}`, faultsOf(right, objects))
    }
    wrong.wrongBy = 0
    await pass(all, MINUTE)
    note('at the end', faultsOf(all, objects))
    await Promise.all(all.map(({ pairs }) => pairs.stop()))
  }
  t.strictSame(faults, [])
})

t.test('a replica whose clock is wrong goes by that of the API server, and says so once', async t => {
  for (const wrongBy of [365 * 24 * HOUR, -365 * 24 * HOUR, 6 * MINUTE]) {
    const objects = new FakeObjects()
    const replicas = [new Replica(objects), new Replica(objects)] as const
    const [right, wrong] = replicas
    wrong.wrongBy = wrongBy
    const linesWith = (text: RegExp) =>
      replicas.flatMap(({ lines }) => lines).filter(({ message }) => text.test(message)).length
    await pass(replicas, LIFETIME / 2)
    t.equal(linesWith(/^new certificate issued/), 1, 'nobody renews what is not due')
    t.strictSame(faultsOf(replicas, objects), [])
    t.equal(right.serving?.cert, wrong.serving?.cert)
    t.equal(linesWith(/^The clock of this node is not the API server's/), 1)
    t.match(wrong.pairs.health(), { ok: true, detail: /correct the node's clock/ })
    t.match(right.pairs.health(), { ok: true, detail: /^self-managed/ })
    wrong.wrongBy = 20_000
    await pass(replicas, LIFETIME / 2)
    t.equal(linesWith(/^new certificate issued/), 2)
    t.equal(linesWith(/agrees with the API server's again/), 1)
    t.match(wrong.pairs.health(), { ok: true, detail: /^self-managed/ })
    t.strictSame(
      replicas.flatMap(({ unexpected }) => unexpected),
      [],
    )
    await Promise.all(replicas.map(({ pairs }) => pairs.stop()))
  }
})

const UNEXPECTED = /^A CA has appeared that was not due/

t.test('a CA that somebody plants in the Secret is told once by every replica, and no renewal is', async t => {
  for (const key of ['', 'next-']) {
    const objects = new FakeObjects()
    const replicas = [new Replica(objects), new Replica(objects)]
    await pass(replicas, 3 * LIFETIME)
    t.strictSame(
      replicas.flatMap(({ unexpected }) => unexpected),
      [],
      'renewals',
    )
    const { cert, key: own, ca } = await issueCertificate(NAMES, { now: START + 3 * LIFETIME, lifetime: LIFETIME })
    objects.putSecret({ ...objects.secret, [`${key}tls.crt`]: cert, [`${key}tls.key`]: own, [`${key}ca.crt`]: ca })
    await pass(replicas, MINUTE)
    for (const { unexpected, lines } of replicas) {
      t.strictSame(unexpected, ['secret'])
      const told = lines.filter(({ message }) => UNEXPECTED.test(message))
      t.match(told, [{ level: 'warn', message: /"secret":"regcred-tls","fingerprint":"([0-9A-F]{2}:){31}/ }])
      t.notMatch(told, [{ message: /PRIVATE|BEGIN/ }])
    }
    await Promise.all(replicas.map(({ pairs }) => pairs.stop()))
  }
})

t.test('a CA that somebody plants in a caBundle is told once by every replica', async t => {
  const objects = new FakeObjects()
  const replicas = [new Replica(objects), new Replica(objects)]
  await pass(replicas, MINUTE)
  const { ca } = await issueCertificate(['elsewhere'], { now: START })
  const [path = ''] = CONFIGURATIONS
  objects.put(path, Object(publish(objects.objects.get(path), [ca])))
  await pass(replicas, MINUTE)
  for (const { unexpected } of replicas) t.strictSame(unexpected, ['webhooks'])
  t.strictSame(faultsOf(replicas, objects), [])
  await Promise.all(replicas.map(({ pairs }) => pairs.stop()))
})

t.test('a replica that begins takes what it finds for good, whatever it is', async t => {
  const objects = new FakeObjects()
  const first = new Replica(objects)
  await pass([first], 2 * LIFETIME)
  const second = new Replica(objects, first.now)
  await pass([second], MINUTE)
  t.strictSame(second.unexpected, [])
  await Promise.all([first, second].map(({ pairs }) => pairs.stop()))
})

t.test('a clock that jumps past the end of the certificate brings a new one at once', async t => {
  const objects = new FakeObjects()
  const replica = new Replica(objects)
  await pass([replica], 1000)
  replica.clock.advance(2 * LIFETIME)
  await pass([replica], 1000)
  t.equal(replica.served.length, 2)
  t.equal(faultOf(replica, objects), undefined)
  await replica.pairs.stop()
})

t.test('a bug is told without its message, and tried again', async t => {
  const objects = new FakeObjects()
  let broken = true
  objects.options = {
    before() {
      if (broken) throw new TypeError('hunter2')
    },
  }
  const replica = new Replica(objects)
  await pass([replica], MINUTE)
  t.equal(replica.lines.length, 1)
  t.match(replica.lines, [{ level: 'error', message: /TypeError/ }])
  t.notMatch(JSON.stringify(replica.lines), /hunter2/)
  t.match(replica.pairs.health(), { ok: false, detail: 'a bug' })
  broken = false
  await pass([replica], MINUTE)
  t.equal(faultOf(replica, objects), undefined)
  await replica.pairs.stop()
})

t.test('one that is stopped in the middle of a request says nothing of it', async t => {
  const objects = new FakeObjects()
  const { promise, reject } = Promise.withResolvers<void>()
  objects.options = { before: () => promise }
  const replica = new Replica(objects)
  const stopped = replica.pairs.stop()
  reject(new ApiError('stopped'))
  await stopped
  t.strictSame(replica.lines, [])
})
