import type { EntryVerdict } from './entry-verdict.ts'

/** One registry of a docker config, for who reads it himself. No password is in it. */
export interface InspectedEntry extends EntryVerdict {
  /** Scheme, host, port and path. */
  readonly registry: string
  /** As it may be shown; empty where there is none. */
  readonly user: string
  readonly hasPassword: boolean
  /** Milliseconds since the epoch; absent where the password does not say. */
  readonly expires?: number
  /** In which turn the kubelet tries it for the image that was asked about, from 1. */
  readonly turn?: number
}

/** A Secret, or a docker config, and what of it works in Kubernetes. */
export interface Inspected {
  readonly kind: 'Secret' | 'docker config'
  /** Of a docker config its file. */
  readonly name: string
  /** Empty for a docker config. */
  readonly namespace: string
  /** Of a Secret. */
  readonly type?: string
  /** Milliseconds since the epoch, if the API server has said. */
  readonly created?: number
  /** Under which key of the data the docker config was found, where that is not the one for its type. */
  readonly foundUnder?: string
  readonly entries: readonly InspectedEntry[]
  /** What makes all of it useless. */
  readonly problem?: string
  /** What to do about that, or about any of its entries, step by step. */
  readonly advice?: readonly string[]
  /** Nobody can say what it will hold: it is encrypted, or another program fills it. */
  readonly isUnread: boolean
}

export interface InspectOptions {
  /** The namespace of a Secret that names none. */
  readonly namespace: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** An image of which is said which entry the kubelet would use. */
  readonly image?: string
}

/** Whether every entry of it works. */
export function isFine({ entries, problem, isUnread }: Inspected): boolean {
  return problem === undefined && !isUnread && entries.every(isEntryFine)
}

/** Whether it works, and nothing about it is doubtful. */
export function isEntryFine({ works, why }: InspectedEntry): boolean {
  return works && why === undefined
}
