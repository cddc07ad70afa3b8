import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
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
      const refused = new RegExp(`cannot ${grant.verbs.join()} resource .{0,3}${grant.resources.join()}`)
      const line = await component.waitUntil(`regcred says that it may not ${what}`, async () =>
        (await readFile(component.log, 'utf8')).split('\n').find(line => refused.test(line)),
      )
      t.match(line, /"level":[45]0/)
    })
  }
}

t.test('names alone need the same rules, since RBAC knows no difference', t => {
  t.equal(namesOnly.grants.filter(({ resources }) => resources.includes('secrets')).length, 4)
  t.strictSame(namesOnly.roles, defaults.roles)
  t.end()
})
