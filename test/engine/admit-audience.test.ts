import t from 'tap'
import { defaultSettings } from '../../src/policy/settings.ts'
import { type Answer, type Asked, ask, IMAGE, PRIVATE, pod } from './ask.ts'

const OWNED = { metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'r', controller: true }] } }
const ENFORCE = { 'regcred.dev/mode': 'enforce' }
const CONTROLLERS = { ...PRIVATE, enforce: { controllers: true } }
const SAYS = `no pull secret is listed, and "${IMAGE}" needs one; add imagePullSecrets`
const WAY_OUT = '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn)'

const created = (owned: boolean): Asked => ({ object: pod(owned ? OWNED : {}) })
const newImage = (owned: boolean): Asked => ({
  operation: 'UPDATE',
  object: pod(owned ? OWNED : {}),
  oldObject: pod({ images: ['nginx'] }),
})
const debugged = (owned: boolean): Asked => ({
  operation: 'UPDATE',
  subResource: 'ephemeralcontainers',
  object: pod({ ...(owned && OWNED), images: [], spec: { ephemeralContainers: [{ name: 'c0', image: IMAGE }] } }),
  oldObject: pod({ images: [] }),
})

const cases: {
  name: string
  asked: Asked
  settings?: Asked['settings']
  outcome: 'recorded' | 'warned' | 'refused'
}[] = [
  { name: "a person's Pod is refused", asked: created(false), outcome: 'refused' },
  { name: 'another image of it is refused', asked: newImage(false), outcome: 'refused' },
  { name: 'an ephemeral container of it is warned of', asked: debugged(false), outcome: 'warned' },
  { name: "a controller's Pod is only recorded", asked: created(true), outcome: 'recorded' },
  { name: 'who gives it another image is warned', asked: newImage(true), outcome: 'warned' },
  { name: 'who debugs it is warned', asked: debugged(true), outcome: 'warned' },
  {
    name: "a controller's Pod is refused if that is wanted",
    asked: created(true),
    settings: CONTROLLERS,
    outcome: 'refused',
  },
  { name: 'another image of it then too', asked: newImage(true), settings: CONTROLLERS, outcome: 'refused' },
  { name: 'an ephemeral container of it never', asked: debugged(true), settings: CONTROLLERS, outcome: 'warned' },
]

for (const { name, asked, settings = PRIVATE, outcome } of cases) {
  t.test(`where a namespace enforces, ${name}`, async t => {
    const audit = { findings: 'ImageNotCovered blocks container=c0', mode: 'enforce' }
    const wanted: Record<typeof outcome, Answer> = {
      recorded: { allowed: true, audit },
      warned: { allowed: true, warnings: [`Pod web: ${SAYS}`], audit },
      refused: { allowed: false, message: `Pod web: ${SAYS} ${WAY_OUT}`, audit },
    }
    t.strictSame(
      await ask({ ...asked, labels: ENFORCE, settings: { ...defaultSettings, ...settings } }),
      wanted[outcome],
    )
  })
}
