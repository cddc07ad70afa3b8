import t from 'tap'
import { ABSENT, type Namespace, UNKNOWN } from '../../src/policy/known.ts'
import { addsByDefault, injectionOf, modeOf, namesIn, stopsAdding } from '../../src/policy/labels.ts'
import { defaultSettings, MODES, type Mode, type Settings } from '../../src/policy/settings.ts'

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
  { name: 'as configured', pod: POD, namespace: labelled({}), inject: ON, does: 'add', decidedBy: 'configuration' },
  { name: 'not, as configured', pod: POD, namespace: ABSENT, inject: OFF, does: 'nothing', decidedBy: 'configuration' },
  {
    name: 'the label of the namespace goes before the configuration',
    pod: POD,
    namespace: labelled({ inject: 'enabled' }),
    inject: OFF,
    does: 'add',
    decidedBy: 'label',
  },
  {
    name: 'and the other way round',
    pod: POD,
    namespace: labelled({ inject: 'disabled' }),
    inject: ON,
    does: 'nothing',
    decidedBy: 'label',
  },
  {
    name: 'a label with a value that does not exist decides nothing',
    pod: POD,
    namespace: labelled({ inject: 'yes' }),
    inject: OFF,
    does: 'nothing',
    decidedBy: 'configuration',
  },
  {
    name: 'nothing in a namespace that is unknown',
    pod: POD,
    namespace: UNKNOWN,
    inject: ON,
    does: 'nothing',
    decidedBy: 'unknownNamespace',
  },
  {
    name: 'the annotation of the Pod goes before the namespace',
    pod: { ...POD, optedOut: true },
    namespace: labelled({ inject: 'enabled' }),
    inject: ON,
    does: 'nothing',
    decidedBy: 'podAnnotation',
  },
  {
    name: 'unless it is not heeded',
    pod: { ...POD, optedOut: true },
    namespace: labelled({}),
    inject: { ...ON, optOut: false },
    does: 'add',
    decidedBy: 'configuration',
  },
  {
    name: 'nothing for a mirror Pod',
    pod: { ...POD, mirror: true },
    namespace: labelled({ inject: 'enabled' }),
    inject: ON,
    does: 'nothing',
    decidedBy: 'mirrorPod',
  },
] as const

for (const { name, pod, namespace, inject, ...wanted } of injections) {
  t.test(`injection: ${name}`, async t => {
    t.strictSame(injectionOf(pod, namespace, { mode: 'warn', inject }), wanted)
  })
}

/** By the mode of the file, then by the mode label. */
const BY_MODE: Readonly<Record<Mode, Readonly<Record<Mode | 'none', string>>>> = {
  off: { none: 'nothing', off: 'nothing', audit: 'record', warn: 'add', enforce: 'add' },
  audit: { none: 'record', off: 'nothing', audit: 'record', warn: 'add', enforce: 'add' },
  warn: { none: 'add', off: 'add', audit: 'add', warn: 'add', enforce: 'add' },
  enforce: { none: 'add', off: 'add', audit: 'add', warn: 'add', enforce: 'add' },
}

t.test('injection that follows the mode: of the file or of the label, whichever adds', async t => {
  for (const mode of MODES) {
    for (const label of ['none', ...MODES] as const) {
      const namespace = labelled(label === 'none' ? {} : { mode: label })
      const settings = { ...defaultSettings, mode }
      const wanted = { does: BY_MODE[mode][label], decidedBy: 'mode' }
      t.strictSame(injectionOf(POD, namespace, settings), wanted, `${mode}, label ${label}`)
      if (label === 'none') t.equal(addsByDefault(settings), wanted.does === 'add', mode)
    }
  }
})

t.test('labels that take from Pods what was added to them', async t => {
  const audit = { ...defaultSettings, mode: 'audit' } as const
  const stops = (before: Partial<Namespace>, now: Partial<Namespace>, settings: Settings = audit) =>
    stopsAdding({ name: 'team-a', ...before }, { name: 'team-a', ...now }, settings)
  t.equal(stops({ mode: 'warn' }, { mode: 'audit' }), true, 'another mode')
  t.equal(stops({ mode: 'warn' }, {}), true, 'a label that goes')
  t.equal(stops({ inject: 'enabled' }, { inject: 'disabled' }), true, 'the label for injection')
  t.equal(stops({}, { inject: 'disabled' }, defaultSettings), true, 'against the file')
  t.equal(stops({ mode: 'warn' }, { mode: 'off' }, defaultSettings), false, 'the file adds all the same')
  t.equal(stops({ mode: 'warn' }, { mode: 'audit', inject: 'enabled' }), false, 'the other label keeps it')
  t.equal(stops({}, { mode: 'off' }), false, 'nothing was added before')
})

t.test('the names in an annotation', async t => {
  t.strictSame(namesIn(undefined), [])
  t.strictSame(namesIn(''), [])
  t.strictSame(namesIn('acme'), ['acme'])
  t.strictSame(namesIn(' acme ,, hub , '), ['acme', 'hub'])
})
