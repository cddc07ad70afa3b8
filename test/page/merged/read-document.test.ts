import t from 'tap'
import { readDocument } from '../../../src/page/merged/read-document.ts'
import { NOW, sample } from '../documents.ts'

const faultOf = (value: unknown) => {
  const read = readDocument(typeof value === 'string' ? value : JSON.stringify(value))
  return 'fault' in read ? read.fault : undefined
}

t.test('what a scan wrote is read', async t => {
  const read = readDocument(JSON.stringify(sample()))
  if ('fault' in read) throw new Error(read.fault)
  t.match(read.scan, { cluster: 'prod-eu-1', time: NOW, summary: { willNotPull: 3 } })
  t.equal(read.scan.secrets.length, 5)
})

t.test('what an older scan did not write is unknown', async t => {
  const { version, causes, waiting, notRead, summary } = sample()
  const read = readDocument(JSON.stringify({ version, causes, waiting, notRead, summary }))
  if ('fault' in read) throw new Error(read.fault)
  t.match(read.scan, { cluster: null, time: undefined, secrets: [] })
})

t.test('anything else is refused in words', async t => {
  t.equal(faultOf(''), 'it is not JSON')
  t.equal(faultOf('{"a": '), 'it is not JSON')
  t.match(faultOf('[]'), /^it is not what a scan writes \(it must be object\)$/)
  t.match(faultOf('null'), /^it is not what a scan writes/)
  t.match(faultOf({ ...sample(), causes: 5 }), 'it is not what a scan writes (/causes must be array)')
  t.match(faultOf({ ...sample(), summary: { workloads: -1 } }), /^it is not what a scan writes \(\/summary/)
  t.match(faultOf({ ...sample(), secrets: [{}] }), /^it is not what a scan writes \(\/secrets\/0/)
  t.equal(faultOf({ ...sample(), version: 2 }), 'it has version 2, and this regcred reads version 1')
  t.match(faultOf('['.repeat(1_000_000)), 'it is not JSON')
})
