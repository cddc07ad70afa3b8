import fc from 'fast-check'
import jsonpatch from 'fast-json-patch'
import t from 'tap'
import { defaultSettings, type MissingSecrets } from '../../../src/policy/settings.ts'
import { type Asked, ask, HOST, inject, PRIVATE, pod, secretFor } from '../ask.ts'

const ENFORCE = { 'regcred.dev/mode': 'enforce' }
const enforcing = (missingSecrets: MissingSecrets, match = false) => ({
  ...PRIVATE,
  ...inject({ match }),
  enforce: { ...defaultSettings.enforce, missingSecrets },
})
const deployment = (template: object): Asked => ({
  group: 'apps',
  kind: 'Deployment',
  object: { metadata: { name: 'web', namespace: 'team-a' }, spec: { template } },
})
const MISTYPED: Asked = {
  ...deployment(pod({ references: ['amce'] })),
  objects: [secretFor('acme', HOST)],
  labels: ENFORCE,
}
const SAID =
  'Deployment web: Secret "amce" does not exist in namespace "team-a"; did you mean "acme"? Write it in spec.template.spec.imagePullSecrets'
const WAY_OUT = '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn)'

t.test('a template whose pull secret is plainly mistyped is refused', async t => {
  const refused = { allowed: false, message: `${SAID} ${WAY_OUT}` }
  t.match(await ask({ ...MISTYPED, settings: enforcing('proven') }), refused)
  t.match(await ask({ ...MISTYPED, settings: enforcing('always') }), refused)
  const other = { ...MISTYPED, ...deployment(pod({ references: ['other'] })) }
  t.match(await ask({ ...other, settings: enforcing('always') }), { allowed: false }, 'or any, if it always is')
})

const passes: readonly { name: string; asked?: Partial<Asked> }[] = [
  { name: 'on a dry run', asked: { dryRun: true } },
  { name: 'on a dry run, if it always is', asked: { dryRun: true, settings: enforcing('always') } },
  { name: 'if it never is', asked: { settings: enforcing('never') } },
  { name: 'if the plan helps', asked: { settings: enforcing('proven', true) } },
  { name: 'if the near one could not be read', asked: { unknown: ['secret/acme'] } },
  { name: 'if two are near', asked: { objects: [secretFor('acme', HOST), secretFor('ance', HOST)] } },
  { name: 'if the near one is for another registry', asked: { objects: [secretFor('acme', 'ghcr.io')] } },
]

for (const { name, asked } of passes) {
  t.test(`it is let through ${name}`, async t => {
    t.match(await ask({ ...MISTYPED, settings: enforcing('proven'), ...asked }), { allowed: true })
  })
}

/** Secrets and references of which some are near one another, some cover the images, and some do neither. */
const NAMES = ['acme', 'amce', 'acmes', 'acme-eu', 'acme-us', 'hub', 'hbu']
const generated = fc.record({
  secrets: fc.subarray(NAMES),
  hosts: fc.array(fc.constantFrom(HOST, 'ghcr.io', 'other.example.com'), { minLength: 7, maxLength: 7 }),
  references: fc.subarray(NAMES),
  images: fc.subarray([`${HOST}/a`, 'ghcr.io/b', 'other.example.com/c', 'nginx'], { minLength: 1 }),
  account: fc.subarray(NAMES, { maxLength: 1 }),
  missingSecrets: fc.constantFrom<MissingSecrets>('proven', 'never', 'always'),
  match: fc.boolean(),
})

t.test('of each template that is refused the Pod would be refused too', async t => {
  let refused = 0
  await fc.assert(
    fc.asyncProperty(generated, async ({ secrets, hosts, references, images, account, missingSecrets, match }) => {
      const around = {
        objects: secrets.map((name, i) => secretFor(name, hosts[i] ?? HOST)),
        account: { imagePullSecrets: account.map(name => ({ name })) },
        labels: ENFORCE,
        settings: enforcing(missingSecrets, match),
      }
      const list = references.length === 0 ? {} : { references }
      const { allowed } = await ask({ ...deployment(pod({ ...list, images })), ...around })
      if (allowed) return true
      refused += 1
      // As the API server makes it: with its ServiceAccount's, and then the plan.
      const made = pod({ references: references.length === 0 ? account : references, images })
      const { patch = [] } = await ask({ object: made, stage: 'mutate', ...around })
      const object = jsonpatch.applyPatch(structuredClone(made), patch).newDocument
      return !(await ask({ object, ...around })).allowed
    }),
    { numRuns: 1000 },
  )
  t.ok(refused > 50, `${refused} were`)
})
