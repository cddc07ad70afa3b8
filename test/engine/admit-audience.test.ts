import t from 'tap'
import { defaultSettings } from '../../src/policy/settings.ts'
import { type Answer, type Asked, ask, IMAGE, PRIVATE, pod } from './ask.ts'

const REPLICA_SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', controller: true }
const CRON_JOB = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', controller: true }
const ROLLOUT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'r', controller: true }
const KUBERNETES = 'system:serviceaccount:kube-system:replicaset-controller'
const OPERATOR = 'system:serviceaccount:operators:app'
const ENFORCE = { 'regcred.dev/mode': 'enforce' }
const CONTROLLERS = { ...PRIVATE, enforce: { ...defaultSettings.enforce, controllers: true } }
const LISTED = { ...PRIVATE, controllers: { ...defaultSettings.controllers, trust: 'listed' as const } }
const SAYS = `no pull secret is listed, and "${IMAGE}" needs one; add one to`
/** Where the list of pull secrets is changed, by the object and what made it. */
const LISTS: Readonly<Record<string, string>> = {
  Pod: 'spec.imagePullSecrets, then: kubectl replace --force --namespace team-a -f FILE',
  Deployment: 'spec.template.spec.imagePullSecrets',
  'Pod of ReplicaSet': 'spec.template.spec.imagePullSecrets of its ReplicaSet "r"',
  'Job of CronJob': 'spec.jobTemplate.spec.template.spec.imagePullSecrets of its CronJob "nightly"',
  'Pod of Rollout': 'imagePullSecrets of its Rollout "r"',
  'Deployment of Rollout': 'imagePullSecrets of its Rollout "r"',
}
const WAY_OUT = '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn)'

const ownedBy = (owner?: object) => (owner === undefined ? {} : { metadata: { ownerReferences: [owner] } })
const created = (owner?: object): Asked => ({ object: pod(ownedBy(owner)) })
const newImage = (owner?: object): Asked => ({
  operation: 'UPDATE',
  object: pod(ownedBy(owner)),
  oldObject: pod({ images: ['nginx'] }),
})
const debugged = (owner?: object): Asked => ({
  operation: 'UPDATE',
  subResource: 'ephemeralcontainers',
  object: pod({ ...ownedBy(owner), images: [], spec: { ephemeralContainers: [{ name: 'c0', image: IMAGE }] } }),
  oldObject: pod({ images: [] }),
})
const template = (group: string, kind: string, owner?: object): Asked => ({
  group,
  kind,
  object: { metadata: { name: 'web', ...ownedBy(owner).metadata }, spec: { template: pod() } },
})

type Outcome = 'nothing' | 'recorded' | 'warned' | 'refused'

const cases: {
  name: string
  asked: Asked
  by?: string
  settings?: Asked['settings']
  outcome: Outcome
}[] = [
  { name: "a person's Pod is refused", asked: created(), outcome: 'refused' },
  { name: 'another image of it is refused', asked: newImage(), outcome: 'refused' },
  { name: 'an ephemeral container of it is warned of', asked: debugged(), outcome: 'warned' },
  { name: "an applier's Pod is refused", asked: created(), by: OPERATOR, outcome: 'refused' },
  { name: "a controller's Pod is only recorded", asked: created(REPLICA_SET), by: KUBERNETES, outcome: 'recorded' },
  { name: 'so is another image that it gives', asked: newImage(REPLICA_SET), by: KUBERNETES, outcome: 'recorded' },
  { name: "a person's other image of such a Pod is refused", asked: newImage(REPLICA_SET), outcome: 'refused' },
  { name: 'a person who debugs it is warned', asked: debugged(REPLICA_SET), outcome: 'warned' },
  { name: 'a person who makes an owner up is refused', asked: created(REPLICA_SET), outcome: 'refused' },
  { name: 'a person who makes another one up is refused', asked: created(ROLLOUT), outcome: 'refused' },
  { name: "an operator's Pod is only recorded", asked: created(ROLLOUT), by: OPERATOR, outcome: 'recorded' },
  {
    name: 'an operator that makes a built-in owner up is refused',
    asked: created(REPLICA_SET),
    by: OPERATOR,
    outcome: 'refused',
  },
  {
    name: "an operator's Pod is refused where only those who are listed are believed",
    asked: created(ROLLOUT),
    by: OPERATOR,
    settings: LISTED,
    outcome: 'refused',
  },
  {
    name: "a controller's Pod is refused if that is wanted",
    asked: created(REPLICA_SET),
    by: KUBERNETES,
    settings: CONTROLLERS,
    outcome: 'refused',
  },
  {
    name: "an operator's Pod with an owner that may be made up then too",
    asked: created(ROLLOUT),
    by: OPERATOR,
    settings: CONTROLLERS,
    outcome: 'refused',
  },
  {
    name: 'another image of it then too',
    asked: newImage(REPLICA_SET),
    by: KUBERNETES,
    settings: CONTROLLERS,
    outcome: 'refused',
  },
  {
    name: 'an ephemeral container of it never',
    asked: debugged(REPLICA_SET),
    by: KUBERNETES,
    settings: CONTROLLERS,
    outcome: 'recorded',
  },
  { name: "a person's Deployment is refused", asked: template('apps', 'Deployment'), outcome: 'refused' },
  {
    name: 'a Deployment with an owner that a person makes up is refused',
    asked: template('apps', 'Deployment', ROLLOUT),
    outcome: 'refused',
  },
  {
    name: 'a Job that a person makes of a CronJob is refused',
    asked: template('batch', 'Job', CRON_JOB),
    outcome: 'refused',
  },
  {
    name: 'a Job of a CronJob is no concern of ours, its Pods are',
    asked: template('batch', 'Job', CRON_JOB),
    by: 'system:serviceaccount:kube-system:cronjob-controller',
    outcome: 'nothing',
  },
  {
    name: "nor is an operator's Deployment, whatever is wanted",
    asked: template('apps', 'Deployment', ROLLOUT),
    by: OPERATOR,
    settings: CONTROLLERS,
    outcome: 'nothing',
  },
]

for (const { name, asked, by, settings = PRIVATE, outcome } of cases) {
  t.test(`where a namespace enforces, ${name}`, async t => {
    const title = `${asked.kind ?? 'Pod'} web`
    const owner = Object(asked.object).metadata.ownerReferences?.[0].kind
    const list = LISTS[`${asked.kind ?? 'Pod'}${owner === undefined ? '' : ` of ${owner}`}`]
    const says = `${title}: ${SAYS} ${list}`
    const audit = { findings: 'ImageNotCovered blocks container=c0', mode: 'enforce' }
    const wanted: Record<Outcome, Answer> = {
      nothing: { allowed: true },
      recorded: { allowed: true, audit },
      warned: { allowed: true, warnings: [says], audit },
      refused: { allowed: false, message: `${says} ${WAY_OUT}`, audit },
    }
    const who = by === undefined ? {} : { username: by }
    const answer = await ask({ ...asked, ...who, labels: ENFORCE, settings: { ...defaultSettings, ...settings } })
    t.strictSame(answer, wanted[outcome])
  })
}

t.test('a group may be listed', async t => {
  const controllers = { builtin: ['group:robots'], trust: 'listed' as const }
  const settings = { ...PRIVATE, controllers }
  const asked = { ...created(REPLICA_SET), labels: ENFORCE, settings }
  t.equal((await ask({ ...asked, groups: ['developers'] })).allowed, false)
  t.equal((await ask({ ...asked, groups: ['developers', 'robots'] })).allowed, true)
})
