import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { type KubectlResult, outputOf } from '../../control-plane/kubectl.ts'
import { CHART, createHelm, findObject, objectsOf, templateArgs } from '../helm.ts'

const helm = createHelm()

/** Renders a chart of somebody else's that has this one as its dependency. */
async function renderParent(t: Test, dependency: object, values: object): Promise<KubectlResult> {
  const parent = t.testdir()
  const dependencies = [
    { name: 'regcred', version: '>=0.0.0-0', repository: 'oci://ghcr.io/regcred/charts', ...dependency },
  ]
  await writeFile(
    join(parent, 'Chart.yaml'),
    stringify({ apiVersion: 'v2', name: 'platform', version: '1.0.0', dependencies }),
  )
  await writeFile(join(parent, 'values.yaml'), stringify(values))
  await mkdir(join(parent, 'charts'))
  await symlink(CHART, join(parent, 'charts/regcred'))
  return helm('template', 'platform', parent, '--namespace=platform')
}

const CONDITION = { condition: 'regcred.enabled' }

t.test('a parent chart switches it on by the condition that parent charts have', async t => {
  const rendered = outputOf(await renderParent(t, CONDITION, { regcred: { enabled: true, replicaCount: 3 } }))
  t.match(findObject(objectsOf(rendered), 'Deployment'), {
    metadata: { name: 'platform-regcred' },
    spec: { replicas: 3 },
  })
})

t.test('and off', async t => {
  t.strictSame(objectsOf(outputOf(await renderParent(t, CONDITION, { regcred: { enabled: false } }))), [])
})

t.test('it may have another name there, global values and tags', async t => {
  const dependency = { alias: 'pulls', condition: 'pulls.enabled', tags: ['webhooks'] }
  const values = { tags: { webhooks: true }, global: { imageRegistry: 'a' }, pulls: { enabled: true } }
  const rendered = outputOf(await renderParent(t, dependency, values))
  t.match(findObject(objectsOf(rendered), 'Deployment'), { metadata: { name: 'platform-pulls' } })
})

t.test('all else is as strict as without a parent', async t => {
  const { code, stderr } = await renderParent(t, CONDITION, { regcred: { enabled: true, replicas: 3 } })
  t.not(code, 0)
  t.match(stderr, /additional properties 'replicas' not allowed/)
})

t.test('without a parent nothing would be switched off by it, so it is refused', async t => {
  const { code, stderr } = await helm(...templateArgs([], ['enabled=false']))
  t.not(code, 0)
  t.match(stderr, /enabled.*must be true/)
})
