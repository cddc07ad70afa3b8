import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { type Case, readAnswers, readCases } from '../../engine/golden-case.ts'
import { poll } from '../../processes/poll.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { withCluster } from '../fixture.ts'
import { startRecorder } from '../traffic/recorder.ts'
import { normalise } from './normalise.ts'

/**
 * The cases of test/golden/ on a real control plane: what a person types makes the API server send a review, and what
 * regcred answers is what the case wants in mode warn. `UPDATE=1` writes the reviews anew, as the API server sends them.
 */
const UPDATE = process.env['UPDATE'] === '1'
const ALL_BUT_MUTATE = [
  'validate.regcred.dev',
  'templates.regcred.dev',
  'secrets.regcred.dev',
  'namespaces.regcred.dev',
]
const ROLLOUTS = { group: 'argoproj.io', resource: 'rollouts' }

const { controlPlane, regcred } = await withCluster(t, { registration: false })
const { kubectl } = controlPlane
const recorder = await startRecorder(regcred)
t.teardown(() => recorder.close())

/** In an order in which little has to be changed between two. */
const cases = (await readCases()).sort((a, b) => orderOf(a).localeCompare(orderOf(b)))

t.before(async () => {
  const objects = cases.flatMap(({ manifests }) => manifests)
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace')
  const others = objects.filter(({ kind }) => kind !== 'Namespace')
  const apply = async (some: readonly { readonly object: unknown }[]) => {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: some.map(({ object }) => object) })
    outputOf(await kubectl(['apply', '-f', '-'], { input }))
  }
  await apply(namespaces)
  await poll('each Namespace has its ServiceAccount', async () => {
    const wanted = ['--field-selector=metadata.name=default', '--output=jsonpath={.items[*].metadata.namespace}']
    const found = outputOf(await kubectl(['get', 'serviceaccounts', '--all-namespaces', ...wanted])).split(' ')
    return cases.every(({ namespace, manifests }) => manifests.length === 0 || found.includes(namespace)) || undefined
  })
  await apply(others)
})

const minor = Number(JSON.parse(outputOf(await kubectl(['version', '--output=json']))).serverVersion.minor)

for (const golden of cases) {
  const { since = 0 } = golden.description
  if (minor < since) {
    t.test(`${golden.name.replaceAll('-', ' ')}: not before 1.${since}`, async t => {
      t.match((await type(golden)).stderr, /unknown field/)
    })
    continue
  }
  t.test(golden.name.replaceAll('-', ' '), async t => {
    await configure(golden)
    await register(golden)
    const { review, response } = normalise(await cause(golden))
    if (UPDATE) {
      const file = join(golden.folder, 'review.json')
      await writeFile(file, `${JSON.stringify(review, null, 2)}\n`)
      t.comment(`wrote ${file}: verify the diff`)
    } else if (golden.description.unknown.length === 0) {
      t.strictSame(response, readAnswers(golden).warn)
    }
  })
}

function orderOf({ description: { lost, unconditional }, configuration }: Case): string {
  return `${lost} ${unconditional} ${configuration}`
}

let configured = ''

/** Has regcred go by the configuration of a case. */
async function configure({ configuration }: Case): Promise<void> {
  if (configuration === configured) return
  const taken = async () => (await regcred.logs()).filter(({ msg }) => msg === 'configuration accepted').length
  const before = await taken()
  const defaults = stringify({ apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration' })
  await writeFile(regcred.configFile, configuration || defaults)
  await poll('regcred takes the configuration', async () => ((await taken()) > before ? true : undefined))
  configured = configuration
}

let registered: string | undefined

/** Registers the webhooks that a case is about, with one kind more that has a template. */
async function register({ description: { lost, unconditional } }: Case): Promise<void> {
  if (registered === `${lost} ${unconditional}`) return
  const { url, authority } = recorder
  await regcred.register({
    url,
    authority,
    templates: [ROLLOUTS],
    ...(unconditional && { matchConditions: false }),
    ...(lost && { webhooks: ALL_BUT_MUTATE }),
  })
  registered = `${lost} ${unconditional}`
}

/** Types what the case says. */
function type({ folder, namespace, description: { kubectl: line } }: Case) {
  const args = line.split(' ').map(arg => (arg === 'apply.yaml' ? join(folder, arg) : arg))
  return kubectl([`--namespace=${namespace}`, ...args])
}

/** Types what the case says, and returns the call that comes of it. */
async function cause(golden: Case) {
  const { stage, namespace, description } = golden
  const before = recorder.calls.length
  const { stderr } = await type(golden)
  return await poll(`the API server sends a review: ${stderr}`, () =>
    recorder.calls
      .slice(before)
      .find(
        ({ stage: called, review: { request } }) =>
          called === stage &&
          request.kind.kind === description.kind &&
          (request.namespace ?? request.name) === namespace,
      ),
  )
}
