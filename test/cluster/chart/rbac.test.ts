import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { writeAccount } from '../account.ts'
import { type Component, startComponent } from '../component.ts'
import { withControlPlane } from '../fixture.ts'
import { outputOf } from '../kubectl.ts'
import { apply, type Manifest, namespace } from '../objects.ts'
import { createHelm, findObject, objectsOf, RELEASE, templateArgs } from './helm.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** One verb of one resource, and the role that grants it. */
interface Grant extends Rule {
  readonly role: 'ClusterRole' | 'Role'
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const controlPlane = await withControlPlane(t)
const { kubectl, folder } = controlPlane
const objects = objectsOf(outputOf(await createHelm()(...templateArgs())))
const find = (kind: string) => findObject(objects, kind, kind === 'Secret' ? `${RELEASE}-tls` : RELEASE)
const roles = { ClusterRole: find('ClusterRole'), Role: find('Role') }
const webhooks = [find('MutatingWebhookConfiguration'), find('ValidatingWebhookConfiguration')]
const [container] = (find('Deployment')['spec'] as { template: { spec: { containers: { args: string[] }[] } } })
  .template.spec.containers
outputOf(await apply(kubectl, namespace(RELEASE), ...['ServiceAccount', 'ClusterRoleBinding', 'RoleBinding'].map(find)))

const grants = (['ClusterRole', 'Role'] as const).flatMap(role =>
  (roles[role]['rules'] as readonly Rule[]).flatMap(({ resources, verbs, ...rule }) =>
    resources.flatMap(resource =>
      verbs.map((verb): Grant => ({ ...rule, role, resources: [resource], verbs: [verb] })),
    ),
  ),
)

/** Starts regcred as the chart does, as its ServiceAccount, which may do this and no more; nothing is kept from before. */
async function serve(may: readonly Grant[]): Promise<Component> {
  const rulesOf = (kind: Grant['role']) => may.filter(({ role }) => role === kind).map(({ role, ...rule }) => rule)
  const limited = (['ClusterRole', 'Role'] as const).map(kind => ({ ...roles[kind], rules: rulesOf(kind) }) as Manifest)
  outputOf(await apply(kubectl, ...limited))
  const fresh = [find('Secret'), ...webhooks]
  outputOf(
    await kubectl(['replace', '--force', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: fresh }),
    }),
  )
  const kubeconfig = await writeAccount(controlPlane)
  const flags = container?.args.filter(arg => /^--(tls|webhook)/.test(arg)) ?? []
  return startComponent(
    process.execPath,
    [
      ...[join(ROOT, 'src/cli.ts'), 'serve', `--kubeconfig=${kubeconfig}`, '--bind-address=127.0.0.1'],
      ...['--secure-port=0', '--metrics-port=0', ...flags],
    ],
    join(folder, `${crypto.randomUUID()}.log`),
    { name: 'regcred', cwd: ROOT },
  )
}

const IN_STEP = ['secrets.dockerconfigjson', 'secrets.dockercfg', 'serviceaccounts', 'namespaces'].map(
  resource => `The view of ${resource} is in step.`,
)

t.test('with what the chart grants it serves, in step, and nothing is refused', async t => {
  const component = await serve(grants)
  t.teardown(() => component.stop(0))
  const log = await component.waitUntil('regcred serves, in step', async () => {
    const log = await readFile(component.log, 'utf8')
    return [...IN_STEP, '"serving"'].every(line => log.includes(line)) ? log : undefined
  })
  t.notMatch(log, /"level":[456]0/)
})

for (const grant of grants) {
  const what = `${grant.verbs.join()} ${grant.resources.join()}`
  t.test(`without ${what} of the ${grant.role} it is refused something, and says so`, async t => {
    const component = await serve(grants.filter(other => other !== grant))
    t.teardown(() => component.stop(0))
    const refused = new RegExp(`cannot ${grant.verbs.join()} resource .{0,3}${grant.resources.join()}`)
    const line = await component.waitUntil(`regcred says that it may not ${what}`, async () =>
      (await readFile(component.log, 'utf8')).split('\n').find(line => refused.test(line)),
    )
    t.match(line, /"level":[45]0/)
  })
}
