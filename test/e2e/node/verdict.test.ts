import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, fileOf, type Manifest, namespace } from '../control-plane/objects.ts'
import { withNode } from './node.ts'
import { generatedCases, handmadeCases, objectsOf, type PullCase, tagOf, USERS } from './pull-cases.ts'
import { type ContainerOutcome, observePods } from './watch-pods.ts'

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
const NAMESPACE = 'pulls'
const seed = Number(process.env['REGCRED_NODE_SEED'] ?? Date.now() % 2 ** 31)
/** Pods at a time: a node tries containers again and again, which keeps it from those of others. */
const BATCH = 10
const { controlPlane, node } = await withNode(t, { users: USERS })
const { kubectl } = controlPlane

interface Numbered {
  readonly of: PullCase
  readonly at: number
}

/** An image of a case: how the node decided, and what regcred says. */
interface Outcome extends Numbered {
  readonly image: string
  /** Whether regcred finds credentials for it that can be used. */
  readonly covered: boolean
  readonly pulled: boolean
  /** Whom the node named to the registry. */
  readonly users: readonly string[]
  /** Whether it asked the registry at all. */
  readonly asked: boolean
  readonly state: string
  readonly message: string
}

/** The cases whose Secrets the API server takes. Makes those Secrets. */
async function storeSecrets(cases: readonly PullCase[]): Promise<PullCase[]> {
  outputOf(await apply(kubectl, namespace(NAMESPACE)))
  const secrets = cases.flatMap((one, at) => objectsOf(one, NAMESPACE, at).filter(({ kind }) => kind === 'Secret'))
  const { stderr } = await kubectl(['create', '-f', '-'], { input: fileOf(...secrets) })
  const refused = new Set([...stderr.matchAll(/pod-(\d+)-\d+/g)].map(([, at]) => Number(at)))
  return cases.map((one, at) => (refused.has(at) ? { ...one, images: [] } : one))
}

/** Whether `regcred check` finds usable credentials, by Pod and container. */
async function check(objects: readonly Manifest[]): Promise<Map<string, boolean>> {
  const file = join(controlPlane.folder, 'pulls.json')
  await writeFile(file, fileOf(...objects))
  const args = [CLI, 'check', '--filename', file, '--output', 'json']
  const text = await new Promise<string>(resolve =>
    execFile(process.execPath, args, { maxBuffer: 1e8 }, (_, stdout) => resolve(stdout)),
  )
  const { objects: checked }: { objects: readonly Checked[] } = JSON.parse(text)
  return new Map(
    checked.flatMap(({ name, images, findings }) => {
      const isBroken = findings.some(({ code, effect }) => code === 'SecretMalformed' && effect === 'blocks')
      return images.map(({ container, credentials }) => [
        `${name}/${container}`,
        !isBroken && credentials.some(({ usable }) => usable),
      ])
    }),
  )
}

interface Checked {
  readonly name: string
  readonly findings: readonly { readonly code: string; readonly effect: string }[]
  readonly images: readonly {
    readonly container: string
    readonly credentials: readonly { readonly usable: boolean }[]
  }[]
}

/** Waits until the node has pulled an image, or given up for now, for every container of these Pods. */
async function runPods(pods: readonly Manifest[], containers: number): Promise<Map<string, ContainerOutcome[]>> {
  outputOf(await kubectl(['create', '-f', '-'], { input: fileOf(...pods) }))
  let open: unknown
  const look = async () => {
    const outcomes = await observePods(kubectl, NAMESPACE)
    const all = [...outcomes].flatMap(([pod, containers]) =>
      containers.map(({ name, state }) => ({ pod, name, state })),
    )
    // What stops the kubelet before a pull has no name of its own: the reason is the error's text.
    open = all.filter(({ state }) => state === 'ContainerCreating')
    const isDecided = all.length === containers && all.every(({ state }) => state !== 'ContainerCreating')
    return isDecided ? outcomes : undefined
  }
  const outcomes = await poll('the node has decided', look, { timeout: 90_000, interval: 500 }).catch(error => {
    throw new Error(`${error.message}: ${JSON.stringify(open)}`)
  })
  outputOf(await kubectl(['delete', 'pods', '--all', '--force', `--namespace=${NAMESPACE}`]))
  await poll('they are gone', async () => ((await observePods(kubectl, NAMESPACE)).size === 0 ? true : undefined))
  return outcomes
}

/** Has the node try these cases, some at a time. */
async function tryCases(cases: readonly Numbered[], verdicts: ReadonlyMap<string, boolean>): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let start = 0; start < cases.length; start += BATCH) {
    const batch = cases.slice(start, start + BATCH)
    const pods = batch.flatMap(({ of, at }) => objectsOf(of, NAMESPACE, at).filter(({ kind }) => kind === 'Pod'))
    const before = node.registry.front.pulls.length
    const seen = await runPods(
      pods,
      batch.reduce((sum, { of }) => sum + of.images.length, 0),
    )
    const pulls = node.registry.front.pulls.slice(before)
    for (const { of, at } of batch) {
      for (const [i, image] of of.images.entries()) {
        const { state = '', message = '' } = seen.get(`pod-${at}`)?.find(({ name }) => name === `c${i}`) ?? {}
        const own = pulls.filter(({ tag }) => tag === tagOf(at, i))
        const covered = verdicts.get(`pod-${at}/c${i}`) ?? false
        const users = [...new Set(own.flatMap(({ user }) => user ?? []))]
        const pulled = state === 'CreateContainerConfigError'
        outcomes.push({ of, at, image, covered, pulled, users, asked: own.length > 0, state, message })
      }
    }
  }
  return outcomes
}

const differs = ({ covered, users }: Outcome) => covered !== users.length > 0

t.test('what regcred says of credentials is what the node does with them', async t => {
  const cases = await storeSecrets([...handmadeCases(), ...generatedCases(seed, 32, 8)])
  const wanted = cases.map((of, at) => ({ of, at })).filter(({ of }) => of.images.length > 0)
  const verdicts = await check(wanted.flatMap(({ of, at }) => objectsOf(of, NAMESPACE, at)))
  const outcomes = await tryCases(wanted, verdicts)

  // An image's name that containerd does not take is asked for nowhere; a keyring that cannot be made stops before that.
  const unnamed = /^(ErrImagePull|ImagePullBackOff|InvalidImageName)$/
  const isDecided = ({ asked, state }: Outcome) => asked || !unnamed.test(state)
  const decided = outcomes.filter(isDecided)
  // A node may read a Secret once the API server knows that a Pod there names it; until then it pulls as nobody.
  const doubtful = new Set(decided.filter(differs).map(({ at }) => at))
  const again = await tryCases(
    wanted.filter(({ at }) => doubtful.has(at)),
    verdicts,
  )
  const differences = again.filter(isDecided).filter(differs)
  const count = (is: (outcome: Outcome) => boolean) => decided.filter(is).length
  t.comment(
    `seed ${seed}: ${cases.length - wanted.length} of ${cases.length} sets of Secrets are refused by the API server; ` +
      `the node decided ${decided.length} of ${outcomes.length} images: ${count(({ pulled }) => pulled)} pulled, ` +
      `${count(({ pulled, users }) => !pulled && users.length > 0)} refused by the registry though it was told a user ` +
      `(a wrong password, or no right: regcred cannot know), ${count(({ users }) => users.length === 0)} asked for by nobody; ` +
      `${doubtful.size} Pods were tried again`,
  )
  const undecided = outcomes.filter(one => !decided.includes(one)).map(({ image }) => image)
  t.comment(`what containerd does not take for an image's name: ${[...new Set(undecided)].join(' ')}`)
  t.strictSame(
    differences.map(({ of, ...outcome }) => ({ name: of.name, ...outcome })),
    [],
    'no difference',
  )
  t.ok(decided.length >= 200)
  t.strictSame(
    decided.filter(({ pulled, users }) => pulled && users.length === 0),
    [],
    'nothing is pulled by nobody',
  )
})
