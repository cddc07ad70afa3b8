import t from 'tap'
import { hasExited } from '../processes/guard.ts'
import { ATTACKS } from './attacks.ts'
import { LIMIT_MIB, startStand } from './stand.ts'
import { Witness } from './witness.ts'

/** Milliseconds for which an attack goes on that would go on for ever. */
const DURATION_MS = Number(process.env['REGCRED_ATTACK_MS'] ?? 3000)
const NAME = process.env['REGCRED_ATTACK'] ?? ''

/** Milliseconds after which the API server gives a review up, and in which the kubelet asks three times before it restarts. */
const REVIEW_TIMEOUT_MS = 10_000
const PROBE_TIMEOUT_MS = 30_000

const stand = await startStand()
const witness = new Witness(stand)
t.teardown(async () => {
  witness.close()
  await stand.stop()
})

for (const attack of ATTACKS.filter(({ name }) => name.includes(NAME))) {
  t.test(attack.name, async t => {
    const { review, livez, unconfirmed } = await witness.watch(() => attack.run(stand, DURATION_MS))
    const waited = `others waited ${review.toFixed(0)} ms, /livez ${livez.toFixed(0)} ms`
    t.comment(`${waited}; ${unconfirmed} wrong Pods could not be confirmed in time`)
    t.ok(review < REVIEW_TIMEOUT_MS, `an ordinary review waited ${review} ms`)
    t.ok(livez < PROBE_TIMEOUT_MS, `/livez waited ${livez} ms`)
    t.notOk(hasExited(stand.process), 'it lives')
  })
}

t.test(`the kernel ends it past ${LIMIT_MIB} MiB, and has not`, async t => {
  t.notOk(hasExited(stand.process))
  const { anonymous, resident } = await stand.peak()
  // What is of files the kernel takes back when there is need of it; the rest has to fit.
  t.ok(anonymous > 0 && anonymous < LIMIT_MIB, `${anonymous.toFixed(0)} MiB`)
  t.comment(`${anonymous.toFixed(0)} MiB at the highest, ${resident.toFixed(0)} MiB with pages of files`)
})
