import t from 'tap'
import { ABSENT, type Namespace, UNKNOWN } from '../../src/policy/known.ts'
import { injectionOf, modeOf, namesIn } from '../../src/policy/labels.ts'
import { defaultSettings } from '../../src/policy/settings.ts'

const labelled = (labels: Partial<Namespace>) => ({ state: 'value', value: { name: 'team-a', ...labels } }) as const

const modes = [
  { namespace: labelled({}), configured: 'warn', mode: 'warn', decidedBy: 'configuration' },
  { namespace: labelled({ mode: 'enforce' }), configured: 'off', mode: 'enforce', decidedBy: 'label' },
  { namespace: labelled({ mode: 'off' }), configured: 'warn', mode: 'off', decidedBy: 'label' },
  { namespace: labelled({ mode: 'Enforce' }), configured: 'warn', mode: 'warn', decidedBy: 'configuration' },
  { namespace: labelled({ mode: '' }), configured: 'audit', mode: 'audit', decidedBy: 'configuration' },
  { namespace: ABSENT, configured: 'enforce', mode: 'enforce', decidedBy: 'configuration' },
  { namespace: UNKNOWN, configured: 'enforce', mode: 'audit', decidedBy: 'unknownNamespace' },
  { namespace: UNKNOWN, configured: 'off', mode: 'audit', decidedBy: 'unknownNamespace' },
] as const

t.test('the mode of a namespace', async t => {
  for (const { namespace, configured, ...wanted } of modes) {
    t.strictSame(modeOf(namespace, configured), wanted, `${configured}, ${JSON.stringify(namespace)}`)
  }
})

const ON = { ...defaultSettings.inject, enabled: true }
const OFF = { ...ON, enabled: false }
const POD = { mirror: false, optedOut: false }

const injections = [
  { name: 'as configured', pod: POD, namespace: labelled({}), inject: ON, enabled: true, decidedBy: 'configuration' },
  { name: 'not, as configured', pod: POD, namespace: ABSENT, inject: OFF, enabled: false, decidedBy: 'configuration' },
  {
    name: 'the label of the namespace goes before the configuration',
    pod: POD,
    namespace: labelled({ inject: 'enabled' }),
    inject: OFF,
    enabled: true,
    decidedBy: 'label',
  },
  {
    name: 'and the other way round',
    pod: POD,
    namespace: labelled({ inject: 'disabled' }),
    inject: ON,
    enabled: false,
    decidedBy: 'label',
  },
  {
    name: 'a label with a value that does not exist decides nothing',
    pod: POD,
    namespace: labelled({ inject: 'yes' }),
    inject: OFF,
    enabled: false,
    decidedBy: 'configuration',
  },
  {
    name: 'nothing in a namespace that is unknown',
    pod: POD,
    namespace: UNKNOWN,
    inject: ON,
    enabled: false,
    decidedBy: 'unknownNamespace',
  },
  {
    name: 'the annotation of the Pod goes before the namespace',
    pod: { ...POD, optedOut: true },
    namespace: labelled({ inject: 'enabled' }),
    inject: ON,
    enabled: false,
    decidedBy: 'podAnnotation',
  },
  {
    name: 'unless it is not heeded',
    pod: { ...POD, optedOut: true },
    namespace: labelled({}),
    inject: { ...ON, optOut: false },
    enabled: true,
    decidedBy: 'configuration',
  },
  {
    name: 'nothing for a mirror Pod',
    pod: { ...POD, mirror: true },
    namespace: labelled({ inject: 'enabled' }),
    inject: ON,
    enabled: false,
    decidedBy: 'mirrorPod',
  },
] as const

for (const { name, pod, namespace, inject, ...wanted } of injections) {
  t.test(`injection: ${name}`, async t => t.strictSame(injectionOf(pod, namespace, inject), wanted))
}

t.test('the names in an annotation', async t => {
  t.strictSame(namesIn(undefined), [])
  t.strictSame(namesIn(''), [])
  t.strictSame(namesIn('acme'), ['acme'])
  t.strictSame(namesIn(' acme ,, hub , '), ['acme', 'hub'])
})
