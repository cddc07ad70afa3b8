/** A place in a file; both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Where the value at a path of an object stands, if that is known. */
export type PlaceOf = (path: readonly (string | number)[]) => Place | undefined

/** Where an object, or what is wrong with a file, stands. */
export interface Origin {
  /** The file, or `-` for standard input. */
  readonly file: string
  /** From 1; JSON is read without its places. */
  readonly line?: number
  readonly column?: number
  /** The file that the object was rendered from, if what rendered it says so. */
  readonly source?: string
  /** The place is one of what a program printed, and the file what that was made of. */
  readonly isRendered?: boolean
}

/** One Kubernetes object of a manifest. */
export interface Manifest extends Origin {
  readonly apiVersion: string
  readonly kind: string
  readonly object: Readonly<Record<string, unknown>>
  /** Knows the whole document: for who looks at once, and not to be kept. */
  readonly placeOf?: PlaceOf
}

/** What is wrong with a file, or with an object in it; never a line of the file, in which there may be a password. */
export interface Fault extends Origin {
  readonly message: string
}

/** What a file, or a document of one, is where it is not a Kubernetes object. */
export type OtherKind =
  | 'empty'
  | 'emptyList'
  | 'chart'
  | 'dockerConfig'
  | 'kustomization'
  | 'nothingRendered'
  | 'document'

/** A document without a Kubernetes object, a text without anything, or a folder that is a chart. */
export interface Other {
  readonly file: string
  readonly other: OtherKind
  /** What kustomize is told, which may be to make Secrets. */
  readonly kustomization?: Pick<Manifest, 'apiVersion' | 'kind' | 'object'>
}

/** What is found in files, one after another. */
export type Found = Manifest | Other | { readonly fault: Fault }

/** Where to look, e.g. `web.yaml:12:5`, or `templates/web.yaml, rendered line 12`. */
export function formatPlace({ file, isRendered }: Origin, { line, column }: Pick<Origin, 'line' | 'column'>): string {
  if (isRendered && line !== undefined) return `${file}, rendered line ${line}`
  return [file, ...(line === undefined ? [] : [line, ...(column === undefined ? [] : [column])])].join(':')
}

/** A fault for people, in one line. */
export function formatFault(fault: Fault): string {
  const rendered = fault.source === undefined || fault.isRendered ? '' : ` (from ${fault.source})`
  return `${formatPlace(fault, fault)}${rendered}: ${fault.message}`
}
