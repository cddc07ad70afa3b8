import t from 'tap'
import { writeTold } from '../../src/advice/advice.ts'
import { UNKNOWN } from '../../src/policy/known.ts'
import { makePlan } from '../../src/policy/make-plan.ts'
import type { WrittenSource } from '../../src/policy/reference.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { explainSkips, isTold } from '../../src/policy/skips.ts'
import { expiredSecret, HOST, type PodTweak, podCase, pullSecret } from './pod-case.ts'

const SKIP = { inject: { ...defaultSettings.inject, match: false, whenMissing: 'skip' } } as const

/** What is told of a name of this source, to a Pod that is being made. */
function told(source: WrittenSource, tweak: PodTweak) {
  const pod = podCase({ traits: { form: 'mutating' }, settings: SKIP, written: [{ secret: 's', source }], ...tweak })
  return explainSkips(pod, makePlan(pod)).map(writeTold)
}

const cases: readonly (PodTweak & { readonly name: string; readonly why: string | undefined })[] = [
  {
    name: 'it is missing',
    why: 'it does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry s --namespace team-a --from-file=.dockerconfigjson=FILE',
  },
  {
    name: 'its credentials have expired',
    secrets: { s: expiredSecret('s') },
    why: 'its credentials have expired; renew them: kubectl create secret docker-registry s --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
  },
  {
    name: 'the kubelet skips it',
    secrets: { s: { kind: 'wrongType', name: 's', type: 'Opaque' } },
    why: 'it has type Opaque, so Kubernetes does not use it; recreate it: kubectl create secret docker-registry s --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
  },
  {
    name: 'its ServiceAccount does not allow it',
    account: { enforcesMountable: true },
    why: 'the ServiceAccount enforces mountable secrets and does not list it; add "s" to imagePullSecrets of ServiceAccount "default": kubectl patch serviceaccount default --namespace team-a --patch \'{"imagePullSecrets":[{"name":"s"}]}\'',
  },
  {
    name: 'there is no room for it',
    references: Array.from({ length: 16 }, (_, i) => `r${i}`),
    origins: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`r${i}`, 'configuration'])),
    secrets: { s: pullSecret('s', HOST) },
    why: 'regcred adds at most 16 to a Pod; list fewer',
  },
  { name: 'it covers nothing', secrets: { s: pullSecret('s', 'ghcr.io') }, why: undefined },
  { name: 'it is listed already', references: ['s'], why: undefined },
]

for (const { name, why, ...tweak } of cases) {
  t.test(`the author of a Pod hears why a name was not added, where that is a loss: ${name}`, async t => {
    t.strictSame(told('pod', tweak), why === undefined ? [] : [`pull secret "s" was not added: ${why}`])
  })
}

t.test('what configuration names is told of only while a private image is left without credentials', async t => {
  t.strictSame(told('configuration', {}), [])
  t.equal(told('configuration', { registryClass: 'private' }).length, 1)
})

t.test('that nothing is injected at all is nothing to tell', async t => {
  t.strictSame(told('pod', { registryClass: 'private', traits: { form: 'mutating', optedOut: true } }), [])
})

t.test('what match leaves is nobody’s name', async t => {
  const skipped = { secret: 's', reason: 'notUsable' } as const
  t.ok(isTold({ ...skipped, source: 'pod' }))
  t.notOk(isTold({ ...skipped, source: 'match' }))
  t.notOk(isTold({ ...skipped, source: 'pod', reason: 'alreadyListed' }))
  t.notOk(isTold({ secret: null, source: 'pod', reason: 'notUsable' }))
})

t.test('nothing is advised about a ServiceAccount that is no longer known', async t => {
  const skipped = [{ secret: 's', source: 'pod', reason: 'mountableSecretsEnforced' }] as const
  t.strictSame(explainSkips(podCase({ facts: { serviceAccount: UNKNOWN } }), { add: [], wouldAdd: [], skipped }), [])
})

t.test('with suggestions: none what else a ServiceAccount lists is told to nobody', async t => {
  const settings = { ...SKIP, suggestions: 'none' } as const
  const account = { enforcesMountable: true, references: ['other'] }
  t.match(told('pod', { account }).join(), 'other')
  t.match(told('pod', { account, settings }), [/; add "s" to imagePullSecrets of ServiceAccount "default"$/])
})
