import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'
import {
  dockerConfig,
  fileOf,
  IMAGE,
  type Manifest,
  namespace,
  opaqueSecret,
  pod,
  REGISTRY,
} from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { addAccount } from '../regcred/account.ts'
import { countOf, storedReferences } from '../regcred/observe.ts'
import { startRegcred } from '../regcred/regcred.ts'
import { startWiretap, type Wiretap } from '../traffic/wiretap.ts'

const CANARY = 'c4n4ry-opensesame'
/** All webhooks but the one for Secrets, with which their contents would come by another door. */
const WITHOUT_SECRETS = [
  'mutate.regcred.dev',
  'validate.regcred.dev',
  'templates.regcred.dev',
  'namespaces.regcred.dev',
]

const controlPlane = await withControlPlane(t)
const { kubectl } = controlPlane

/** With the password in clear and in `auth`. */
function canary(name: string) {
  const auth = Buffer.from(`robot:${CANARY}`).toString('base64')
  return dockerConfig('team-a', name, { auths: { [REGISTRY]: { username: 'robot', password: CANARY, auth } } })
}

/** As a person writes a Secret without leaving a copy of it in an annotation, which would be metadata. */
async function create(kubectl: Kubectl, ...objects: readonly Manifest[]): Promise<void> {
  outputOf(await kubectl(['create', '-f', '-'], { input: fileOf(...objects) }))
}

/** In clear, and in base64 wherever it begins, once and twice over. */
function formsOf(password: string): string[] {
  const once = (text: string) => [0, 1, 2].map(shift => encodeInside(text, shift))
  return [password, ...once(password), ...once(password).flatMap(once)]
}

/** What of the base64 of something that holds the text does not depend on what stands around it. */
function encodeInside(text: string, shift: number): string {
  const encoded = Buffer.from(`${'x'.repeat(shift)}${text}`).toString('base64')
  return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + text.length) * 8) / 6))
}

const holdsCanary = ({ received }: { received: Buffer }) => formsOf(CANARY).some(form => received.includes(form))

function ofSecrets(wiretap: Wiretap) {
  return wiretap.tapped().filter(({ path }) => /\/secrets[/?]/.test(path))
}

t.before(async () => {
  await create(kubectl, namespace('team-a'), canary('acme'), canary('old'), opaqueSecret('team-a', 'opaque'))
})

t.test('whoever lists Secrets hears the password through the wiretap: it would be heard', async t => {
  const wiretap = await startWiretap(controlPlane, controlPlane.kubeconfig)
  t.teardown(() => wiretap.stop())
  outputOf(await kubectl(['get', 'secrets', '-n', 'team-a', '-o', 'json'], { kubeconfig: wiretap.kubeconfig }))
  t.ok(ofSecrets(wiretap).some(holdsCanary))
})

t.test('with names alone no byte of a Secret is ever received', async t => {
  const wiretap = await startWiretap(controlPlane, await addAccount(controlPlane))
  t.teardown(() => wiretap.stop())
  const regcred = await startRegcred(controlPlane, {
    config: { view: { secrets: 'names' }, registries: { private: [REGISTRY] }, inject: { secrets: ['acme'] } },
    mode: 'enforce',
    flags: [`--kubeconfig=${wiretap.kubeconfig}`],
    registration: { webhooks: WITHOUT_SECRETS },
  })
  t.teardown(() => regcred.stop())
  const held = (count: number) =>
    poll('the view holds them', async () =>
      (await countOf(regcred, 'regcred_view_objects', { resource: 'secrets.dockerconfigjson' })) === count
        ? true
        : undefined,
    )
  await held(2)

  await t.test('what changes is followed', async () => {
    await create(kubectl, canary('new'))
    await held(3)
    const change = {
      stringData: { '.dockerconfigjson': JSON.stringify({ auths: { other: { auth: btoa(`u:${CANARY}`) } } }) },
    }
    outputOf(await kubectl(['patch', 'secret', 'new', '-n', 'team-a', '-p', JSON.stringify(change)]))
    outputOf(await kubectl(['delete', 'secret', 'old', '-n', 'team-a']))
    await held(2)
  })

  await t.test(
    'a written-down name is referenced, and what is missing or of another type is told and not refused',
    async t => {
      await create(kubectl, pod('team-a', 'injected'))
      t.strictSame(await storedReferences(kubectl, 'team-a', 'injected'), ['acme'])
      const references = ['gone', 'opaque', 'new']
      const { code, stderr } = await kubectl(['create', '-f', '-'], {
        input: fileOf(pod('team-a', 'warned', { references, images: [IMAGE] })),
      })
      t.equal(code, 0, stderr)
      t.match(stderr, /Secret "gone" does not exist in namespace "team-a"/)
      t.match(stderr, /Secret "opaque" has the wrong type/)
      t.notMatch(stderr, /"new"/)
      t.notMatch(stderr, /covers/)
    },
  )

  const all = wiretap.tapped()
  const secrets = ofSecrets(wiretap)
  t.ok(secrets.some(({ path }) => path.includes('watch=1')))
  t.ok(
    secrets.some(({ path }) => path.includes('/secrets/')),
    'there were live reads',
  )
  t.ok(
    secrets.some(({ received }) => received.includes('"acme"')),
    'and names were received',
  )
  t.strictSame(
    secrets.filter(
      ({ accept }) => !/^application\/json;as=PartialObjectMetadata(List)?;g=meta\.k8s\.io;v=v1$/.test(accept),
    ),
    [],
  )
  t.strictSame(
    all.filter(holdsCanary).map(({ path }) => path),
    [],
  )
  t.strictSame(
    all.filter(({ received }) => received.includes('dockerconfigjson":"')).map(({ path }) => path),
    [],
  )
  t.notMatch(JSON.stringify(await regcred.logs()), CANARY)
})
