import t from 'tap'
import { disown } from '../../src/tls/field-ownership.ts'

const owner = (manager: string, operation = 'Update') => ({ manager, operation, fieldsV1: { 'f:webhooks': {} } })

const cases: { name: string; owners: unknown; left: unknown }[] = [
  {
    name: 'ours goes, the others stay',
    owners: [owner('helm', 'Apply'), owner('regcred')],
    left: [owner('helm', 'Apply')],
  },
  { name: 'what somebody applies under our name is not ours', owners: [owner('regcred', 'Apply')], left: undefined },
  { name: 'others alone', owners: [owner('helm', 'Apply'), owner('kubectl-edit')], left: undefined },
  { name: 'we alone: an empty list would change nothing', owners: [owner('regcred')], left: undefined },
  { name: 'nobody', owners: [], left: undefined },
  { name: 'not told', owners: undefined, left: undefined },
  { name: 'no list', owners: 'regcred', left: undefined },
]

for (const { name, owners, left } of cases) {
  t.test(name, t => {
    const object = { metadata: { name: 'a', managedFields: owners }, webhooks: [1] }
    t.strictSame(disown(object), left && { metadata: { name: 'a', managedFields: left }, webhooks: [1] })
    t.end()
  })
}
