import t from 'tap'
import { matchImage } from '../../src/policy/match.ts'

const USE = {
  container: 'web',
  image: 'registry.example.com/web',
  pulled: true,
  name: { registry: 'registry.example.com', path: 'web' },
  registryClass: 'unlisted',
  ruleSecrets: [],
} as const

t.test('an image for which nobody has looked matches nothing', async t => {
  t.strictSame(
    matchImage(USE, { matches: new Map(), now: 0 }, () => true),
    {},
  )
})
