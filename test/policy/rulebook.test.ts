import t from 'tap'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'

const { readImage, explainImage } = prepareRulebook({
  ...defaultSettings,
  registries: { ...defaultSettings.registries, private: ['ghcr.io/acme'] },
  inject: {
    ...defaultSettings.inject,
    rules: [
      { images: ['quay.io'], secrets: ['quay'] },
      { images: ['docker.io', 'ghcr.io'], secrets: ['ghcr', 'all'] },
      { images: ['ghcr.io/acme'], secrets: ['acme'] },
    ],
  },
})

t.test(
  'an image has its name, its class, and the names of every rule that is for it, in the order of the rules',
  async t => {
    t.strictSame(readImage('ghcr.io/acme/web:1'), {
      name: { registry: 'ghcr.io', path: 'acme/web' },
      registryClass: 'private',
      ruleSecrets: ['ghcr', 'all', 'acme'],
    })
    t.match(readImage('nginx'), { registryClass: 'public', ruleSecrets: ['ghcr', 'all'] })
    t.match(readImage('registry.example.com/web'), { registryClass: 'unlisted', ruleSecrets: [] })
  },
)

t.test('one whose name does not parse has none of them', async t => {
  t.strictSame(readImage('Not valid'), { name: undefined, registryClass: 'unlisted', ruleSecrets: [] })
  t.strictSame(explainImage('Not valid'), { name: undefined, decision: { registryClass: 'unlisted' }, rules: [] })
})

t.test('what decided can be asked for', async t => {
  t.match(explainImage('ghcr.io/acme/web:1'), {
    decision: { registryClass: 'private', pattern: { listed: 'private', index: 0, text: 'ghcr.io/acme' } },
    rules: [1, 2],
  })
})

t.test('an image is read once', async t => t.equal(readImage('quay.io/a/b'), readImage('quay.io/a/b')))

t.test('a pattern of a rule that does not parse is for no image', async t => {
  const settings = {
    ...defaultSettings,
    inject: { ...defaultSettings.inject, rules: [{ images: ['*'], secrets: ['a'] }] },
  }
  t.strictSame(prepareRulebook(settings).readImage('nginx').ruleSecrets, [])
})
