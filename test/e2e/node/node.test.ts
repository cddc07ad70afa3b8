import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, pod, pullSecret } from '../control-plane/objects.ts'
import { withNode } from './node.ts'

const { controlPlane, node } = await withNode(t)
const { kubectl } = controlPlane

t.test('a Pod with credentials pulls from the private registry and runs; one without does not', async t => {
  outputOf(await apply(kubectl, pullSecret('default', 'acme', 'registry.example.com')))
  const images = ['registry.example.com/acme/web:v1']
  outputOf(
    await apply(
      kubectl,
      pod('default', 'with', { images, references: ['acme'] }),
      pod('default', 'without', { images }),
    ),
  )
  const reads = (name: string, path: string) => async () =>
    outputOf(await kubectl(['get', 'pod', name, `--output=jsonpath=${path}`])) || undefined
  await poll('the Pod runs', async () => (await reads('with', '{.status.phase}')()) === 'Running' || undefined, {
    timeout: 60_000,
  })
  const path = '{.status.containerStatuses[0].state.waiting.reason}'
  const waits = async () => ((await reads('without', path)()) === 'ImagePullBackOff' ? true : undefined)
  await poll('the other waits', waits, { timeout: 60_000 })
  t.match(node.registry.front.pulls, [{ image: 'registry.example.com/acme/web' }])
  t.comment(JSON.stringify(node.registry.front.pulls))
})
