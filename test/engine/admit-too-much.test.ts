import t from 'tap'
import { checkManifests } from '../../src/engine/check-manifests.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { ask, HOST, PRIVATE, pod, secretFor } from './ask.ts'

const images = Array.from({ length: 8000 }, (_, i) => `${HOST}/acme/web:${i}`)
const object = pod({ images, references: ['acme'] })
const objects = [secretFor('acme', 'other.example.com')]
const TOO_MUCH = 'object: images=8000 references=1 names=0'

t.test('a Pod that is too large to be checked is refused in mode enforce, with the numbers', async t => {
  const enforced = { object, objects, settings: PRIVATE, labels: { 'regcred.dev/mode': 'enforce' } }
  const { allowed, message, audit } = await ask(enforced)
  t.equal(allowed, false)
  t.match(message, /^Pod web: too large to be checked \(8000 images and 1 pull secret\)/)
  t.match(audit, { tooMuch: TOO_MUCH, unknown: 'tooMuch' })
})

t.test('in other modes it is let through, and nothing is said of it', async t => {
  for (const mode of ['warn', 'audit']) {
    const answer = await ask({ object, objects, settings: PRIVATE, labels: { 'regcred.dev/mode': mode } })
    t.match(answer, { allowed: true, audit: { tooMuch: TOO_MUCH } }, mode)
    t.equal(answer.warnings, undefined, mode)
  }
  const off = await ask({ object, objects, settings: PRIVATE, labels: { 'regcred.dev/mode': 'off' } })
  t.strictSame(off, { allowed: true })
})

t.test('nothing is injected into it', async t => {
  const { allowed, patch, audit } = await ask({
    stage: 'mutate',
    object,
    objects: [secretFor('acme', HOST)],
    settings: PRIVATE,
  })
  t.equal(allowed, true)
  t.equal(patch, undefined)
  t.match(audit, { skipped: 'tooMuch', tooMuch: TOO_MUCH })
})

t.test('check allows a thousand times as much', async t => {
  const manifest = {
    file: 'web.yaml',
    apiVersion: 'v1',
    kind: 'Pod',
    object: { apiVersion: 'v1', kind: 'Pod', ...object },
  }
  const options = { namespace: 'team-a', strict: true, now: () => 0 }
  const { objects: checked, unreadable } = await checkManifests([manifest], prepareRulebook(defaultSettings), options)
  t.strictSame(unreadable, [])
  t.equal(checked[0]?.images.length, 8000)
  const little = await checkManifests([manifest], prepareRulebook(defaultSettings), {
    ...options,
    budget: () => new Budget(1000),
  })
  t.match(little.unreadable, [{ fault: '8000 images with 1 pull secrets are too many to check' }])
  t.strictSame(little.objects, [])
})
