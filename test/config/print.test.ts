import fc from 'fast-check'
import t from 'tap'
import { type Configuration, defaultConfiguration } from '../../src/config/configuration.ts'
import { explain } from '../../src/config/explain.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { printJson, printYaml } from '../../src/config/print.ts'
import { holdsInvisible, hostileText } from '../runtime/hostile-text.ts'

const FILE = `apiVersion: regcred.dev/v1alpha1
kind: AdmissionConfiguration
mode: "off"
inject:
  secrets: [hub]
  rules: [{images: [ghcr.io], secrets: [ghcr]}]
view: {secrets: names}
`

function configure(text: string): Configuration {
  const reading = parseConfiguration(text, 'f.yaml')
  return reading.ok ? reading : defaultConfiguration
}

t.test('what is printed is a configuration file that says the same', async t => {
  for (const reading of [defaultConfiguration, configure(FILE)]) {
    t.match(parseConfiguration(printYaml(explain(reading)), 'printed'), { ok: true, settings: reading.settings })
  }
})

t.test('what decided stands behind each setting', async t => {
  const reading = configure(FILE)
  const lines = printYaml(explain(reading)).split('\n')
  t.strictSame(lines.slice(0, 4), [
    'apiVersion: regcred.dev/v1alpha1',
    'kind: AdmissionConfiguration',
    'mode: "off" # f.yaml:3',
    'ignore: [] # default',
  ])
  t.ok(lines.includes('  match: false # f.yaml:7, view.secrets'))
  t.ok(lines.includes('  rules: [{images: [ghcr.io], secrets: [ghcr]}] # f.yaml:6'))
})

t.test('what follows from settings stands in comments at the top', async t => {
  const pod = { mirror: false, optedOut: false, pullSecrets: undefined, images: [{ image: 'nginx', pulled: true }] }
  const text = printYaml(explain(defaultConfiguration, { namespace: { name: 'a' }, pod }))
  t.strictSame(text.split('\n').slice(0, 4), [
    '# exempt: false (default)',
    '# class of nginx: public (default, docker.io/library)',
    '',
    'apiVersion: regcred.dev/v1alpha1',
  ])
})

t.test('names from several places are one list, each name once', async t => {
  const reading = configure(FILE)
  const text = printYaml(explain(reading, { namespace: { name: 'a', pullSecrets: 'team, hub' } }))
  t.match(text, '  secrets: [hub, team] # hub: f.yaml:5; team,hub: namespace annotation regcred.dev/pull-secrets\n')
  const alone = printYaml(explain(defaultConfiguration, { namespace: { name: 'a', pullSecrets: 'team' } }))
  t.match(alone, '  secrets: [team] # namespace annotation regcred.dev/pull-secrets\n')
})

t.test('hostile names cannot write settings', async t => {
  const namespace = { name: 'a', mode: 'x\nmode: enforce', pullSecrets: 'a\nmode: enforce' }
  const pod = {
    mirror: false,
    optedOut: false,
    pullSecrets: undefined,
    images: [{ image: 'x\nmode: enforce', pulled: true }],
  }
  const text = printYaml(explain(defaultConfiguration, { namespace, pod }))
  t.notMatch(text, /^mode: enforce/m)
  t.match(text, /^mode: warn # default; namespace label/m)
})

t.test('programs get the configuration, and every row', async t => {
  const rows = explain(defaultConfiguration, { namespace: { name: 'a', mode: 'off' } })
  const printed = JSON.parse(printJson(rows))
  t.match(printed.configuration, { kind: 'AdmissionConfiguration', mode: 'off', view: { secrets: 'contents' } })
  t.strictSame(printed.explanation, rows)
})

t.test(
  'names that cannot be seen are printed as escapes, and are the same names when they are read again',
  async () => {
    fc.assert(
      fc.property(hostileText, hostileText, (word, from) => {
        const usernames = [`${word}x`, 'system:admin']
        const settings = { ...defaultConfiguration.settings, exemptions: { namespaces: [], usernames } }
        const rows = explain({ ok: true, settings, provenance: new Map([['exemptions.usernames', from]]) })
        const note = { setting: `class of ${word}`, value: 'public', from }
        const printed = printYaml([note, ...rows])
        const reading = parseConfiguration(printed, 'printed')
        const [read = ''] = reading.ok ? reading.settings.exemptions.usernames : []
        // YAML has no halves of surrogate pairs.
        return !holdsInvisible(printed.replaceAll('\n', '')) && (!word.isWellFormed() || read === usernames[0])
      }),
    )
  },
)
