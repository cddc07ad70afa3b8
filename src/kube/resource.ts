/** One kind of object of the API, or a part of one, and what to keep of each object. */
export interface Resource<T extends object> {
  /** For people and metrics, e.g. `serviceaccounts`. */
  readonly name: string
  /** E.g. `/api/v1/serviceaccounts`. */
  readonly path: string
  readonly fieldSelector?: string
  /** Whether nothing but metadata is to be received. */
  readonly metadataOnly?: boolean
  /** What is kept of an object, which is nothing that is not used. */
  strip(object: unknown, name: string): T
}
