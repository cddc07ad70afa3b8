import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { Agent, request } from 'undici'
import { type Component, startComponent } from '../control-plane/component.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, fileOf, type Manifest, namespace } from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { writeAccount } from '../regcred/account.ts'
import { CHART, createHelm, findObject, objectsOf, RELEASE, templateArgs } from './helm.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** One verb of one resource, and the role that grants it. */
interface Grant extends Rule {
  readonly role: (typeof KINDS)[number]
}

const KINDS = ['ClusterRole', 'Role'] as const
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const controlPlane = await withControlPlane(t)
const { kubectl, folder } = controlPlane
const helm = createHelm()

interface Release {
  readonly roles: Readonly<Record<Grant['role'], Manifest>>
  readonly grants: readonly Grant[]
  /** Starts regcred as the chart does, as its ServiceAccount, which may do this and no more; nothing is kept from before. */
  serve(may: readonly Grant[]): Promise<Component>
}

/** The release with these values. */
async function render(...values: readonly string[]): Promise<Release> {
  const objects = objectsOf(outputOf(await helm(...templateArgs(values))))
  const find = (kind: string) => findObject(objects, kind, kind === 'Secret' ? `${RELEASE}-tls` : RELEASE)
  const roles = { ClusterRole: find('ClusterRole'), Role: find('Role') }
  const [container] = (find('Deployment')['spec'] as { template: { spec: { containers: { args: string[] }[] } } })
    .template.spec.containers
  const flags = container?.args.filter(arg => /^--(tls|webhook)/.test(arg)) ?? []
  const { 'config.yaml': text = '' } = find('ConfigMap')['data'] as Record<string, string>
  const config = join(folder, `${crypto.randomUUID()}.yaml`)
  await writeFile(config, text)
  const bound = ['ServiceAccount', 'ClusterRoleBinding', 'RoleBinding'].map(find)
  const fresh = ['Secret', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map(find)
  return {
    roles,
    grants: KINDS.flatMap(role =>
      (roles[role]['rules'] as readonly Rule[]).flatMap(({ resources, verbs, ...rule }) =>
        resources.flatMap(resource =>
          verbs.map((verb): Grant => ({ ...rule, role, resources: [resource], verbs: [verb] })),
        ),
      ),
    ),
    async serve(may) {
      const rulesOf = (kind: Grant['role']) => may.filter(({ role }) => role === kind).map(({ role, ...rule }) => rule)
      const limited = KINDS.map(kind => ({ ...roles[kind], rules: rulesOf(kind) }) as Manifest)
      outputOf(await apply(kubectl, namespace(RELEASE), ...bound, ...limited))
      outputOf(await kubectl(['replace', '--force', '-f', '-'], { input: fileOf(...fresh) }))
      return startComponent(
        process.execPath,
        [
          ...[
            join(ROOT, 'src/cli.ts'),
            'serve',
            `--kubeconfig=${await writeAccount(controlPlane)}`,
            `--config=${config}`,
          ],
          ...['--bind-address=127.0.0.1', '--secure-port=0', '--metrics-port=0', ...flags],
        ],
        join(folder, `${crypto.randomUUID()}.log`),
        { name: 'regcred', cwd: ROOT },
      )
    },
  }
}

const IN_STEP = ['secrets.dockerconfigjson', 'secrets.dockercfg', 'serviceaccounts', 'namespaces'].map(
  resource => `The cache of ${resource} is synced.`,
)

const defaults = await render()
const namesOnly = await render(join(CHART, 'examples/names-only.yaml'))
const releases = [
  // A right of no resource is used by nobody: it is a mark.
  {
    name: 'with the defaults',
    release: defaults,
    removed: defaults.grants.filter(({ apiGroups }) => !apiGroups.includes('regcred.dev')),
  },
  // All else is used alike: it is the Secrets that are asked for in another form.
  {
    name: 'with names alone',
    release: namesOnly,
    removed: namesOnly.grants.filter(({ resources, role }) => role === 'ClusterRole' && resources.includes('secrets')),
  },
]

for (const { name, release, removed } of releases) {
  t.test(`${name} and what the chart grants it serves, in step, and nothing is refused`, async t => {
    const component = await release.serve(release.grants)
    t.teardown(() => component.stop(0))
    const log = await component.waitUntil('regcred serves, in step', async () => {
      const log = await readFile(component.log, 'utf8')
      return [...IN_STEP, '"serving"'].every(line => log.includes(line)) ? log : undefined
    })
    t.notMatch(log, /"level":[456]0/)
  })

  for (const grant of removed) {
    const what = `${grant.verbs.join()} ${grant.resources.join()}`
    t.test(`${name} and without ${what} of the ${grant.role} it is refused something, and says so`, async t => {
      const component = await release.serve(release.grants.filter(other => other !== grant))
      t.teardown(() => component.stop(0))
      // What is got is read live, for a review; but its own Secret is got first of all.
      if (grant.apiGroups.includes('') && grant.verbs.includes('get') && !grant.resources.includes('secrets'))
        await reviewWhatIsNotThere(component)
      const refused = new RegExp(`cannot ${grant.verbs.join()} resource .{0,3}${grant.resources.join()}`)
      const line = await component.waitUntil(`regcred says that it may not ${what}`, async () =>
        (await readFile(component.log, 'utf8')).split('\n').find(line => refused.test(line)),
      )
      t.match(line, /"level":[45]0/)
    })
  }
}

/** Sends a Pod of which nothing that it names is there, straight to the server. */
async function reviewWhatIsNotThere(component: Component): Promise<void> {
  const port = await component.waitUntil('regcred serves, in step', async () => {
    const log = await readFile(component.log, 'utf8')
    if (!IN_STEP.every(line => log.includes(line))) return undefined
    return /"address":"https:[^"]*:(\d+)"/.exec(log)?.[1]
  })
  const spec = {
    serviceAccountName: 'nobody',
    imagePullSecrets: [{ name: 'nothing' }],
    containers: [{ name: 'web', image: 'registry.example.com/web' }],
  }
  const object = { metadata: { name: 'web', namespace: 'nowhere' }, spec }
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const asked = { uid: 'u-1', kind, name: 'web', namespace: 'nowhere', operation: 'CREATE', object }
  const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: asked })
  // Its certificate is of its own authority.
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  const headers = { 'content-type': 'application/json' }
  const answer = await request(`https://127.0.0.1:${port}/validate?timeout=10s`, {
    dispatcher,
    method: 'POST',
    headers,
    body,
  })
  await answer.body.dump()
  await dispatcher.close()
}

t.test('names alone need the same rules, since RBAC knows no difference', t => {
  t.equal(namesOnly.grants.filter(({ resources }) => resources.includes('secrets')).length, 4)
  t.strictSame(namesOnly.roles, defaults.roles)
  t.end()
})
