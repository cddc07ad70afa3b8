import { getItems } from '../kube/untyped.ts'

/** Where something stands in the files of a node. */
export interface Source {
  readonly file: string
  /** From 1; JSON and TOML are read without it. */
  readonly line?: number | undefined
}

/** What a file of a node says about who logs in to which registry. Never with what. */
export type Statement = Provider | Login | Mirrors | Remark

/** A credential provider of the kubelet, and one of the patterns that it is asked for. */
export interface Provider extends Source {
  readonly says: 'provider'
  readonly name: string
  /** An item of `matchImages`. */
  readonly matchImage: string
  /** Annotations that the Pod's ServiceAccount has to have, or the provider is not asked. */
  readonly annotations: readonly string[]
}

/** The node has credentials for a registry, or for a part of it. */
export interface Login extends Source {
  readonly says: 'login'
  /** Who sends them: containerd to exactly this host and port, the kubelet (and CRI-O) to what an image names. */
  readonly by: 'containerd' | 'kubelet'
  readonly registry: string
}

/** Images of a registry are pulled from elsewhere. */
export interface Mirrors extends Source {
  readonly says: 'mirrors'
  readonly by: 'containerd' | 'CRI-O'
  /** Undefined: every registry of which nothing else is said. */
  readonly registry: string | undefined
  readonly mirrors: readonly Mirror[]
  readonly images: 'all' | 'digests' | 'tags'
}

export interface Mirror {
  /** Host and port; of CRI-O with a path. */
  readonly registry: string
  /** Its requests carry an `authorization` of the node's. */
  readonly header: boolean
}

/** Something that people should know, as a sentence about the file. */
interface Remark extends Source {
  readonly says: 'remark'
  readonly message: string
}

/** Finds the line of a value in a document, by its path. */
export type LineOf = (path: readonly (string | number)[]) => number | undefined

/** The members of an object, none of anything else. */
export function membersOf(value: unknown): readonly (readonly [key: string, value: unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

/** The texts of a list at a path. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return getItems(value, ...path).filter(item => typeof item === 'string')
}

/** Host and port of an endpoint, `https://mirror.example.com:5000/v2`; without the user and password that may stand in it. */
export function hostOf(endpoint: string): string {
  const [authority = ''] = endpoint.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\//i, '').split(/[/?#]/)
  return authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
}

/** Whether any of these members is a text that is not empty: credentials that are there, whatever they are. */
export function hasAny(value: unknown, names: readonly string[]): boolean {
  return membersOf(value).some(([key, text]) => names.includes(key) && typeof text === 'string' && text !== '')
}
