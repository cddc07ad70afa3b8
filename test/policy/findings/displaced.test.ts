import t from 'tap'
import { displacedFinder } from '../../../src/policy/findings/displaced.ts'
import { UNKNOWN } from '../../../src/policy/known.ts'
import type { RegistryClass } from '../../../src/policy/registries/classifier.ts'
import { present } from '../../../src/runtime/present.ts'
import { expiredSecret, HOST, judgedCase, type PodTweak, pullSecret } from '../pod-case.ts'

const ACCOUNT = { references: ['other', 'acme'] }
const SECRETS = {
  own: pullSecret('own', 'own.example.com'),
  other: pullSecret('other', 'ghcr.io'),
  acme: pullSecret('acme', HOST),
}

function displaced(tweak: PodTweak) {
  const judgement = judgedCase({ references: ['own'], account: ACCOUNT, secrets: SECRETS, ...tweak })
  return displacedFinder(judgement)(present(judgement.images[0]).use)
}

t.test("the ServiceAccount's pull secret that would cover the image", async t => {
  t.strictSame(displaced({}), { secret: 'acme', effect: 'mayBlock' })
})

t.test('what it does that the image is left without it, by class and key', async t => {
  const effect = (registryClass: RegistryClass, key = HOST) =>
    displaced({ registryClass, secrets: { acme: pullSecret('acme', key) } })?.effect
  t.strictSame(
    [effect('public'), effect('node'), effect('mixed'), effect('mixed', `${HOST}/acme`), effect('unlisted')],
    [undefined, undefined, 'degrades', 'mayBlock', 'mayBlock'],
  )
})

t.test('none where there is nothing that was displaced, or it would not help', async t => {
  t.equal(displaced({ origins: { own: 'serviceAccount' } }), undefined, 'the Pod has no list of its own')
  t.equal(displaced({ facts: { serviceAccount: UNKNOWN } }), undefined, 'the ServiceAccount is unknown')
  t.equal(displaced({ account: { references: ['other'] } }), undefined, 'it is for another registry')
  t.equal(displaced({ secrets: { acme: expiredSecret('acme') } }), undefined, 'it has expired')
  const entries = [{ key: HOST, usable: false }]
  t.equal(displaced({ secrets: { acme: { ...pullSecret('acme'), entries } } }), undefined, 'it holds nothing')
  t.equal(displaced({ references: ['own', 'acme'] }), undefined, 'it is listed already')
})
