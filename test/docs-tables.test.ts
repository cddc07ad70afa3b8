import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { FINDINGS, type FindingCode } from '../src/policy/finding.ts'
import { injectionOf, modeOf } from '../src/policy/labels.ts'
import { defaultSettings, MODES, type Settings } from '../src/policy/settings.ts'
import { type Asked, ask, EXPIRED, HOST, IMAGE, inject, PRIVATE, pod, secret, secretFor } from './engine/ask.ts'

/*
 * Tables of the documentation that are made from the code. `UPDATE=1` writes them anew; verify the diff.
 */

const DOCS = join(import.meta.dirname, '../docs')

/** Compares the text between two comments of a page with what the code says. */
function compare(t: Test, page: string, name: string, wanted: string): void {
  const file = join(DOCS, page)
  const text = readFileSync(file, 'utf8')
  const [begin, end] = [`<!-- table: ${name} -->\n`, `<!-- end of table: ${name} -->`]
  const [before = '', rest = ''] = text.split(begin)
  const [table = '', after = ''] = rest.split(end)
  if (process.env['UPDATE'] === '1') writeFileSync(file, `${before}${begin}${wanted}${end}${after}`)
  else t.equal(table, wanted, `${page} has the table of the code; UPDATE=1 writes it`)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [head, head.map(() => '---'), ...rows].map(line).join('')
}

const DOES = { add: '**added**', record: 'recorded', nothing: '—' } as const
const LABELS = [undefined, ...MODES] as const

t.test('whether pull secrets are added, by the mode of the file, the mode label and the inject label', async t => {
  const rows = MODES.flatMap(mode =>
    LABELS.map(label => {
      const does = (inject?: string) => {
        const value = { name: 'team-a', ...(label && { mode: label }), ...(inject && { inject }) }
        const settings = { ...defaultSettings, mode }
        return DOES[injectionOf({ mirror: false, optedOut: false }, { state: 'value', value }, settings).does]
      }
      const value = { name: 'team-a', ...(label && { mode: label }) }
      const { mode: inForce } = modeOf({ state: 'value', value }, mode)
      return [
        `\`${mode}\``,
        label ? `\`${label}\`` : 'none',
        `\`${inForce}\``,
        does(),
        does('enabled'),
        does('disabled'),
      ]
    }),
  )
  const head = ['`mode` of the file', 'label `regcred.dev/mode`', 'findings']
  const inject = ['no label `regcred.dev/inject`', '`enabled`', '`disabled`']
  compare(t, 'operations.md', 'injection by mode', table([...head, ...inject], rows))
})

/** What is wrong with an object, and what configuration and cluster are like there. */
interface Wrong {
  readonly code: FindingCode
  readonly where: string
  readonly references?: readonly string[]
  readonly image?: string
  readonly objects?: readonly object[]
  readonly inject?: Partial<Settings['inject']>
}

const OPAQUE = secret('opaque', { auths: {} }, 'Opaque')
const EXPIRED_FOR = (host: string) => secret('old', { auths: { [host]: { username: 'u', password: EXPIRED } } })
const WRONGS: readonly Wrong[] = [
  { code: 'SecretNotFound', where: 'a private image is left without credentials', references: ['gone'] },
  {
    code: 'SecretNotFound',
    where: 'so, and the name is [plainly mistyped](#a-secret-that-a-workload-lacks)',
    references: ['amce'],
    objects: [secretFor('acme', HOST)],
  },
  { code: 'SecretNotFound', where: 'no private image is', references: ['gone'], image: 'nginx' },
  {
    code: 'SecretWrongType',
    where: 'a private image is left without credentials',
    references: ['opaque'],
    objects: [OPAQUE],
  },
  { code: 'SecretWrongType', where: 'no private image is', references: ['opaque'], objects: [OPAQUE], image: 'nginx' },
  {
    code: 'SecretWithoutCredentials',
    where: 'a private image is left without credentials',
    references: ['empty'],
    objects: [secret('empty', { auths: {} })],
  },
  {
    code: 'SecretWithoutCredentials',
    where: 'no private image is',
    references: ['empty'],
    objects: [secret('empty', { auths: {} })],
    image: 'nginx',
  },
  {
    code: 'SecretMalformed',
    where: 'anything is pulled',
    references: ['broken'],
    objects: [secret('broken', '{')],
    image: 'nginx',
  },
  {
    code: 'ImageNotCovered',
    where: 'the image is private',
    references: ['other'],
    objects: [secretFor('other', 'other.example.com')],
  },
  {
    code: 'ImageNotCovered',
    where: 'its registry is not in your configuration',
    references: ['other'],
    objects: [secretFor('other', 'other.example.com')],
    image: 'unlisted.example.com/web',
  },
  { code: 'CredentialsExpired', where: 'the image is private', references: ['old'], objects: [EXPIRED_FOR(HOST)] },
  {
    code: 'CredentialsExpired',
    where: 'its registry is not in your configuration',
    references: ['old'],
    objects: [EXPIRED_FOR('unlisted.example.com')],
    image: 'unlisted.example.com/web',
  },
  { code: 'ImageInvalid', where: 'always', image: 'UPPER' },
  {
    code: 'NotInjected',
    where: 'a private image is left without credentials',
    objects: [secretFor('acme', HOST)],
    inject: { match: true },
  },
]

const OWNER = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true }] }
const podOf = ({ references, image = IMAGE }: Wrong, metadata = {}, images = [image]) =>
  pod({ ...(references && { references }), images, metadata })

/** What it may be wrong with, and how it is asked for. */
const OBJECTS: Readonly<Record<string, (wrong: Wrong) => Asked>> = {
  'a Pod': wrong => ({ object: podOf(wrong) }),
  'another image of a Pod': wrong => ({
    operation: 'UPDATE',
    object: podOf(wrong),
    oldObject: podOf(wrong, {}, ['old']),
  }),
  'a workload (template)': wrong => ({
    group: 'apps',
    kind: 'Deployment',
    object: { metadata: { name: 'web', namespace: 'team-a' }, spec: { template: podOf(wrong) } },
  }),
  "a controller's Pod": wrong => ({
    object: podOf(wrong, OWNER),
    username: 'system:serviceaccount:kube-system:replicaset-controller',
  }),
  'an ephemeral container': wrong => ({
    operation: 'UPDATE',
    subResource: 'ephemeralcontainers',
    object: pod({
      ...(wrong.references && { references: wrong.references }),
      images: [],
      spec: { ephemeralContainers: [{ name: 'c', image: wrong.image ?? IMAGE }] },
    }),
    oldObject: pod({ images: [] }),
  }),
}

t.test('what enforce refuses, by kind and finding', async t => {
  const rows = await Promise.all(
    WRONGS.map(async wrong => {
      const answers = Object.values(OBJECTS).map(async asked => {
        const settings = { ...PRIVATE, ...inject(wrong.inject ?? {}) }
        const labels = { 'regcred.dev/mode': 'enforce' }
        const { allowed, warnings, audit } = await ask({
          ...asked(wrong),
          objects: wrong.objects ?? [],
          settings,
          labels,
        })
        const isMade = audit?.['findings']?.includes(wrong.code)
        return !isMade ? '—' : allowed ? (warnings ? 'warned' : 'recorded') : '**refused**'
      })
      return [`\`${wrong.code}\``, wrong.where, ...(await Promise.all(answers))]
    }),
  )
  const head = ['finding', 'if', ...Object.keys(OBJECTS)]
  compare(t, 'configuration.md', 'what enforce refuses', table(head, rows))
})

t.test('every finding about a Pod is in that table', async t => {
  const ofSecretsAndNamespaces = [
    'EntryCoversNothing',
    'EntryWithoutCredentials',
    'CredentialsDoubtful',
    'LabelInvalid',
  ]
  t.strictSame(
    [...new Set(WRONGS.map(({ code }) => code))].sort(),
    Object.keys(FINDINGS)
      .filter(code => !ofSecretsAndNamespaces.includes(code))
      .sort(),
  )
})
