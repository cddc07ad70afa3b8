import { ApiError } from './api-error.ts'
import { getString } from './untyped.ts'

const LIST_KIND = 'PartialObjectMetadataList'
const KIND = 'PartialObjectMetadata'

/**
 * What to accept where nothing but metadata may be received. There is no second choice in them: an API server that cannot
 * do this answers 406, and none of the objects.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export const METADATA_LIST = `application/json;as=${LIST_KIND};g=meta.k8s.io;v=v1`
export const METADATA = `application/json;as=${KIND};g=meta.k8s.io;v=v1`

/** @throws ApiError `garbage` for a list with more than metadata: whatever stands before the API server must not go unseen */
export function checkMetadataList(body: unknown): void {
  requireMetadata(getString(body, 'kind') === LIST_KIND)
}

/** As {@link checkMetadataList}, for the object of an event. */
export function checkMetadata(object: unknown): void {
  requireMetadata(getString(object, 'kind') === KIND)
}

function requireMetadata(isMetadata: boolean): void {
  if (!isMetadata) throw new ApiError('garbage', { detail: 'not metadata alone' })
}
