import type { KindPath } from '../policy/settings.ts'
import type { Level } from '../report/level.ts'
import type { CheckFile } from './check-schema.ts'

export type IgnoreRule = NonNullable<CheckFile['ignore']>[number]

/** What `regcred check` is told by a file of the repository. */
export interface CheckConfiguration {
  /** The file, as people are to see it. */
  readonly file: string
  /** Its folder, to which all that it names is relative. */
  readonly folder: string
  /** The configuration file of the cluster, from the working directory on. */
  readonly admission?: string
  readonly exclude: readonly string[]
  readonly failOn?: Level
  /** Files, from the working directory on. */
  readonly knownSecrets: readonly string[]
  readonly secretsFrom: readonly KindPath[]
  readonly ignore: readonly IgnoreRule[]
}
