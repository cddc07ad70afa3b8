import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  deployment,
  dockerConfig,
  fileOf,
  IMAGE,
  type Manifest,
  namespace,
  opaqueSecret,
  pod,
  pullSecret,
  REGISTRY,
  serviceAccount,
} from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { outcomesOfPods } from '../regcred/observe.ts'
import { startRegcred } from '../regcred/regcred.ts'
import { startDetour } from '../traffic/detour.ts'

// What is applied in one file arrives within milliseconds, and a watch may lag by more: here by each of these in turn.
const LAGS = [0, 20, 100, 300]
// Reading the API's schema takes kubectl half of its time, in which the watches would catch up.
const FAST = '--validate=ignore'
const controlPlane = await withControlPlane(t)
const { kubectl } = controlPlane
const detour = await startDetour(controlPlane.server)
const regcred = await startRegcred(controlPlane, { config: false, server: detour.server })
t.teardown(async () => {
  await regcred.stop()
  detour.close()
})

/** One apply of one file, whose last object is a Pod that pulls. */
interface Run {
  /** What is there already. */
  readonly before?: readonly Manifest[]
  /** What the apply needs beside its file. */
  readonly args?: readonly string[]
  readonly file: readonly Manifest[]
  /** What kubectl prints, all of it. */
  readonly says: string
  /** The references of the Pod as it is stored. */
  readonly stored: readonly string[]
  /** What regcred leaves in the audit log. */
  readonly annotations: Readonly<Record<string, string>>
}

interface Race {
  readonly name: string
  readonly times: number
  readonly run: (i: number) => Run
}

const SECOND = 'second.example.com'
const twoImages = { images: [IMAGE, `${SECOND}/acme/web:1`], references: ['acme'] }
const withTwoSecrets = (where: string) => [pullSecret(where, 'acme', REGISTRY), pullSecret(where, 'second', SECOND)]
const saysAll = (where: string) =>
  `namespace/${where} created\nsecret/acme created\nsecret/second created\npod/web created\n`

/** Secrets that do not help, which one apply mends: `--force` deletes and makes again what cannot be changed, the type. */
const mended: readonly {
  readonly name: string
  readonly wrong: (where: string, name: string) => Manifest
  readonly args?: readonly string[]
}[] = [
  { name: 'for another registry', wrong: (where, name) => pullSecret(where, name, 'another.example.com') },
  {
    name: 'that does not parse',
    wrong: (where, name) => dockerConfig(where, name, { auths: { [REGISTRY]: { auth: 'bm8gY29sb24=' } } }),
  },
  {
    name: 'without credentials',
    wrong: (where, name) => dockerConfig(where, name, { auths: { [REGISTRY]: {} } }),
  },
  { name: 'that is no pull secret', wrong: opaqueSecret, args: ['--force'] },
  {
    name: 'of the older type',
    wrong: (where, name) => ({
      ...opaqueSecret(where, name),
      type: 'kubernetes.io/dockercfg',
      stringData: { '.dockercfg': '{}' },
    }),
    args: ['--force'],
  },
]

/** A Pod that brings its own, beside another Secret for its image that is not to be added. */
const withItsOwn = (where: string, i: number, said: 'created' | 'configured') => ({
  file: [pullSecret(where, `secret-${i}`, REGISTRY), pod(where, `pod-${i}`, { references: [`secret-${i}`] })],
  says: `secret/secret-${i} ${said}\npod/pod-${i} created\n`,
  stored: [`secret-${i}`],
  annotations: {},
})

const races: readonly Race[] = [
  { name: 'a new Secret and a Pod that references it', times: 50, run: i => withItsOwn('new', i, 'created') },
  ...mended.map(({ name, wrong, args = [] }, kind) => ({
    name: `a Secret ${name}, mended, and a Pod that references it`,
    times: 10,
    run: (i: number) => ({
      before: [wrong(`mended-${kind}`, `secret-${i}`)],
      args,
      ...withItsOwn(`mended-${kind}`, i, 'configured'),
    }),
  })),
  {
    name: 'a new Secret and a Pod without references whose image it covers',
    times: 50,
    run: i => ({
      file: [
        pullSecret('found', `secret-${i}`, `r${i}.example.com`),
        pod('found', `pod-${i}`, { images: [`r${i}.example.com/acme/web:1`] }),
      ],
      says: `secret/secret-${i} created\npod/pod-${i} created\n`,
      stored: [`secret-${i}`],
      annotations: { 'mutate.regcred.dev/injected': `secret-${i}` },
    }),
  },
  {
    // The order of Helm and kustomize.
    name: 'a new ServiceAccount, its Secret, and a Deployment and a Pod of it',
    times: 10,
    run: i => {
      const tweak = { spec: { serviceAccountName: `account-${i}` } }
      return {
        file: [
          serviceAccount('account', `account-${i}`, [`secret-${i}`]),
          pullSecret('account', `secret-${i}`, REGISTRY),
          deployment('account', `web-${i}`, tweak, 0),
          pod('account', `pod-${i}`, tweak),
        ],
        says: [`serviceaccount/account-${i}`, `secret/secret-${i}`, `deployment.apps/web-${i}`, `pod/pod-${i}`]
          .map(what => `${what} created\n`)
          .join(''),
        stored: [`secret-${i}`],
        annotations: {},
      }
    },
  },
  {
    name: 'a new namespace with Secrets and a Pod that lacks one of them',
    times: 10,
    run: i => ({
      file: [namespace(`fresh-${i}`), ...withTwoSecrets(`fresh-${i}`), pod(`fresh-${i}`, 'web', twoImages)],
      says: saysAll(`fresh-${i}`),
      stored: ['acme', 'second'],
      annotations: { 'mutate.regcred.dev/injected': 'second' },
    }),
  },
  {
    name: 'the same in a new namespace that is labelled as disabled',
    times: 10,
    run: i => ({
      file: [
        namespace(`off-${i}`, { labels: { 'regcred.dev/inject': 'disabled' } }),
        ...withTwoSecrets(`off-${i}`),
        pod(`off-${i}`, 'web', twoImages),
      ],
      says: saysAll(`off-${i}`),
      stored: ['acme'],
      annotations: { 'mutate.regcred.dev/skipped': 'namespaceDisabled' },
    }),
  },
]

/** Milliseconds after which a connection of regcred's that nothing comes on is closed, and a little more. */
const SETTLED_MS = 31_000

t.before(async () => {
  const where = ['new', 'found', 'account', ...mended.map((_, kind) => `mended-${kind}`)]
  outputOf(await apply(kubectl, ...where.flatMap(name => [namespace(name), pullSecret(name, 'older', REGISTRY)])))
  // What is open by then are the watches.
  await wait(SETTLED_MS)
  detour.holdBack(0)
})

for (const { name, times, run } of races) {
  t.test(`${name}, in one apply, ${times} times`, async t => {
    const runs = Array.from({ length: times }, (_, i) => run(i))
    const before = runs.flatMap(({ before = [] }) => before)
    if (before.length > 0) outputOf(await apply(kubectl, ...before))
    const said = []
    for (const [i, { args = [], file }] of runs.entries()) {
      detour.holdBack(LAGS[i % LAGS.length] ?? 0)
      said.push(await kubectl(['apply', FAST, ...args, '-f', '-'], { input: fileOf(...file) }))
    }
    const outcomes = await outcomesOfPods(
      controlPlane,
      runs.flatMap(({ file }) => file.slice(-1)),
    )
    const falseWarnings = said.filter(({ stderr }) => stderr !== '').length
    const wrongInjections = runs.filter(({ stored }, i) => `${outcomes[i]?.stored}` !== `${stored}`).length
    t.comment(`${times} runs: ${falseWarnings} false warnings, ${wrongInjections} wrong injections`)
    t.same(
      said,
      runs.map(({ says }) => ({ code: 0, stdout: says, stderr: '' })),
    )
    t.same(
      outcomes,
      runs.map(({ stored, annotations }) => ({ stored, annotations })),
    )
  })
}
