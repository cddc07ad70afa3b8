import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { checkMetadata, checkMetadataList } from '../../src/kube/metadata-only.ts'

const GARBAGE = new ApiError('garbage', { detail: 'not metadata alone' })

t.test('metadata alone is taken, and nothing more', async t => {
  checkMetadataList({ kind: 'PartialObjectMetadataList' })
  checkMetadata({ kind: 'PartialObjectMetadata' })
  for (const kind of ['SecretList', 'PartialObjectMetadata', undefined])
    t.throws(() => checkMetadataList({ kind }), GARBAGE)
  for (const object of [{ kind: 'Secret' }, {}, null]) t.throws(() => checkMetadata(object), GARBAGE)
})
