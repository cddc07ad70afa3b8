import type { Checked } from '../engine/checked.ts'
import type { Settings } from '../policy/settings.ts'
import type { Level } from '../report/level.ts'
import { count } from '../runtime/count.ts'
import type { Terminal } from '../runtime/terminal.ts'
import type { CheckConfiguration, IgnoreRule } from './check-configuration.ts'
import { CommentIgnores } from './comment-ignores.ts'
import { openCheckConfiguration } from './open-check-configuration.ts'

/** The flags that a configuration stands in for. */
interface Flags {
  readonly checkConfig?: string | false
  readonly config?: string
  readonly failOn?: Level
  readonly knownSecrets?: readonly string[]
}

/** What a check goes by: its flags, and where they say nothing the configuration of the repository. */
export class CheckRules {
  readonly failOn: Level
  /** The configuration file of the cluster. */
  readonly admission: string | undefined
  readonly knownSecrets: readonly string[]
  readonly #configuration: CheckConfiguration | undefined
  readonly #passedOver: string | undefined
  readonly #isExcluded: (path: string) => boolean
  readonly #cwd: string
  readonly #comments = new CommentIgnores()
  #unused: readonly IgnoreRule[] = []

  /**
   * Reads the configuration, if there is one.
   *
   * @param cwd the working directory
   * @throws {CommandError} with every error of the file, a line each
   */
  static async open(flags: Flags, cwd: string): Promise<CheckRules> {
    const { configuration, passedOver } = await openCheckConfiguration(flags.checkConfig, cwd)
    if (configuration === undefined) return new CheckRules(flags, cwd, { passedOver })
    const { excluderOf } = await import('./excluded.ts')
    return new CheckRules(flags, cwd, { configuration, isExcluded: excluderOf(configuration, cwd) })
  }

  private constructor(
    flags: Flags,
    cwd: string,
    opened: {
      readonly configuration?: CheckConfiguration
      readonly isExcluded?: (path: string) => boolean
      readonly passedOver?: string | undefined
    },
  ) {
    const { configuration, isExcluded = () => false, passedOver } = opened
    this.failOn = flags.failOn ?? configuration?.failOn ?? 'warning'
    this.admission = flags.config ?? configuration?.admission
    this.knownSecrets = [...(flags.knownSecrets ?? []), ...(configuration?.knownSecrets ?? [])]
    this.#configuration = configuration
    this.#passedOver = flags.config === undefined ? passedOver : undefined
    this.#isExcluded = isExcluded
    this.#cwd = cwd
  }

  /** The configuration of the repository, if there is one. */
  get file(): string | undefined {
    return this.#configuration?.file
  }

  /** Whether a path is left out, be it given or found below a folder; never standard input. */
  isExcluded = (path: string): boolean => path !== '-' && this.#isExcluded(path)

  /** Reads what the comments of a file say. */
  readText = async (file: string, text: string): Promise<void> => {
    await this.#comments.read(file, text)
  }

  /** Settings with what the configuration adds to them. */
  extend(settings: Settings): Settings {
    const { secretsFrom = [] } = this.#configuration ?? {}
    return { ...settings, producers: [...settings.producers, ...secretsFrom] }
  }

  /** Takes out what is not to be told. */
  async ignore(checked: Checked): Promise<Checked> {
    const { folder = this.#cwd, ignore = [] } = this.#configuration ?? {}
    const isNone = ignore.length === 0 && this.#comments.isEmpty
    if (isNone && checked.objects.every(({ ignores }) => ignores === undefined)) return checked
    const { ignoreFindings } = await import('./ignore-findings.ts')
    const { checked: left, unusedRules } = ignoreFindings(
      checked,
      { folder, ignore, comments: this.#comments },
      this.#cwd,
    )
    this.#unused = unusedRules
    return left
  }

  /** Says by which file it went, and which of its rules fitted nothing: another check may have use for them. */
  tell(err: Terminal, verbose: boolean): void {
    if (this.#passedOver !== undefined) {
      err.write(
        err.line`regcred: ${this.#passedOver} is the configuration of a cluster and was not used; --config ${this.#passedOver} uses it`,
      )
    }
    if (!verbose || this.#configuration === undefined) return
    const { file, ignore } = this.#configuration
    err.write(err.line`regcred: configuration ${file}`)
    if (this.#unused.length > 0) {
      const rules = this.#unused.map(rule => `ignore[${ignore.indexOf(rule)}]`).join(', ')
      err.write(err.line`regcred: ${file}: ${count(this.#unused.length, 'rule')} fitted nothing: ${rules}`)
    }
  }
}
