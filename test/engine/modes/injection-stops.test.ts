import t from 'tap'
import { defaultSettings } from '../../../src/policy/settings.ts'
import { ask } from '../ask.ts'

const AUDIT = { ...defaultSettings, mode: 'audit' } as const

const namespace = (labels: object) => ({ metadata: { name: 'team-b', labels } })
const label = (from: object, to: object, settings = defaultSettings) =>
  ask({
    kind: 'Namespace',
    operation: 'UPDATE',
    object: namespace(to),
    oldObject: namespace(from),
    settings,
  })

const NO_LONGER = (cause: string) =>
  `Namespace web: pull secrets are no longer added to its Pods (${cause}); to go on adding them: ` +
  'kubectl label --overwrite namespace team-b regcred.dev/inject=enabled'

t.test('who sets a label after which nothing is added any more is told, whatever the mode', async t => {
  const warn = { 'regcred.dev/mode': 'warn' }
  const audited = await label(warn, { 'regcred.dev/mode': 'audit' }, AUDIT)
  t.strictSame(audited, { allowed: true, warnings: [NO_LONGER('mode audit')] })
  t.strictSame((await label(warn, {}, AUDIT)).warnings, [NO_LONGER('mode audit')], 'a label that is taken away')
  t.strictSame((await label(warn, { 'regcred.dev/mode': 'off' }, AUDIT)).warnings, [NO_LONGER('mode off')])
  const disabled = await label({}, { 'regcred.dev/inject': 'disabled' })
  t.strictSame(disabled.warnings, [NO_LONGER('regcred.dev/inject=disabled')])
})

t.test('what goes on being added, or was not added before, is not spoken of', async t => {
  t.strictSame(await label({}, { 'regcred.dev/mode': 'off' }), { allowed: true }, 'the file adds')
  t.strictSame(await label({}, { 'regcred.dev/mode': 'off' }, AUDIT), { allowed: true }, 'the file did not')
  const made = await ask({ kind: 'Namespace', object: namespace({ 'regcred.dev/inject': 'disabled' }) })
  t.strictSame(made, { allowed: true }, 'a Namespace that is made so')
})
