import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { readSecretTable } from '../../src/kube/table.ts'

const columnDefinitions = [{ name: 'Name' }, { name: 'Type' }, { name: 'Data' }]
const object = { kind: 'PartialObjectMetadata', metadata: { name: 'acme' } }

t.test('rows are objects with their type, by the name of its column', async t => {
  const rows = [{ cells: ['acme', 'Opaque', 1], object }]
  t.strictSame(readSecretTable({ kind: 'Table', columnDefinitions, rows }), [
    { metadata: { name: 'acme' }, type: 'Opaque' },
  ])
  t.strictSame(readSecretTable({ kind: 'Table', rows }), [{ metadata: { name: 'acme' }, type: undefined }])
  t.strictSame(readSecretTable({ kind: 'Table', columnDefinitions, rows: null }), [])
})

t.test('what is no table, and what has more than metadata, is refused', async t => {
  const garbage = (detail: string) => new ApiError('garbage', { detail })
  for (const body of [
    { kind: 'SecretList', items: [] },
    { kind: 'Table', rows: {} },
    { kind: 'Table', columnDefinitions: 7 },
    null,
  ])
    t.throws(() => readSecretTable(body), garbage('not a table'))
  const rows = [{ cells: [], object: { kind: 'Secret', data: {} } }]
  t.throws(() => readSecretTable({ kind: 'Table', columnDefinitions, rows }), garbage('not metadata alone'))
})
