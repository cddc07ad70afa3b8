import { type Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../runtime/command-error.ts'
import { parseDuration } from '../runtime/duration.ts'
import { ciphersOf, TLS_CIPHER_SUITES, TLS_VERSIONS, type TlsProtocol } from '../runtime/tls-protocol.ts'
import { identify } from './outputs/file-identity.ts'

/** The highest port. */
const MAX_PORT = 65_535
/** Longest time from failing readiness to closing. */
const MAX_SHUTDOWN_DELAY_MS = 3_600_000

/** @throws {InvalidArgumentError} unless it is a port, or 0 */
export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

const HOUR_MS = 3_600_000
/** Shortest lifetime of a self-managed certificate. */
const MIN_LIFETIME_MS = 10_000
/** Longest lifetime of a self-managed certificate: ten years. */
const MAX_LIFETIME_MS = 87_600 * HOUR_MS

/**
 * A time to wait, e.g. `5s`, in milliseconds.
 *
 * @throws {InvalidArgumentError} unless it is a duration of at most an hour
 */
export function parseDelay(text: string): number {
  const delay = parseDuration(text)
  if (delay !== undefined && delay <= MAX_SHUTDOWN_DELAY_MS) return delay
  throw new InvalidArgumentError('Give a duration of at most 1h, e.g. 5s or 1m30s.')
}

/**
 * The life of a certificate, e.g. `2160h`, in milliseconds.
 *
 * @throws {InvalidArgumentError} unless it is a duration from ten seconds (in which two thirds of its life can still be told
 *   from the end of it) to ten years
 */
export function parseLifetime(text: string): number {
  const lifetime = parseDuration(text) ?? Number.NaN
  if (lifetime >= MIN_LIFETIME_MS && lifetime <= MAX_LIFETIME_MS) return lifetime
  throw new InvalidArgumentError('Give a duration from 10s to 87600h, e.g. 2160h.')
}

/** An option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/**
 * A version of TLS by kube-apiserver's name for it.
 *
 * @throws {InvalidArgumentError} unless it is one that is still safe
 */
export function parseTlsVersion(text: string): TlsProtocol['minVersion'] {
  const version = Object.hasOwn(TLS_VERSIONS, text) ? TLS_VERSIONS[text] : undefined
  if (version !== undefined) return version
  throw new InvalidArgumentError(`Give one of ${Object.keys(TLS_VERSIONS).join(', ')}.`)
}

/**
 * Cipher suites by their IANA names, separated by commas; as OpenSSL takes them.
 *
 * @throws {InvalidArgumentError} where one is not known, or has no forward secrecy
 */
export function parseCipherSuites(text: string): string {
  const names = text.split(',').map(name => name.trim())
  const odd = names.find(name => !Object.hasOwn(TLS_CIPHER_SUITES, name))
  if (odd === undefined) return ciphersOf(names)
  throw new InvalidArgumentError(`"${odd}" is not one of ${Object.keys(TLS_CIPHER_SUITES).join(', ')}.`)
}

/**
 * A name that a client's certificate has to have; may be repeated.
 *
 * @throws {InvalidArgumentError} where it is empty: a template that got no value
 */
export function collectName(value: string, before: readonly string[]): readonly string[] {
  if (value.trim() === value && value !== '') return collect(value, before)
  throw new InvalidArgumentError('Give a name that is not empty, without blanks around it.')
}

/** What `check` writes. */
export const OUTPUT_FORMATS = ['text', 'json', 'sarif', 'github', 'junit', 'gitlab', 'markdown'] as const

export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** One answer of a command: to a file, else to standard output. */
export interface Output<Format extends string = OutputFormat> {
  readonly format: Format
  readonly file?: string
}

/** The option that says what a command writes, and where. Values are read by the parser; shells complete them. */
export function outputOption<Format extends string>(formats: readonly Format[], description: string): Option {
  return new Option('-o, --output <format[=file]>', `output format, to a file or to standard output; ${description}`)
    .choices(formats)
    .argParser((value: string, before?: readonly Output<Format>[]) => collectOutput(formats, value, before))
}

/**
 * A format, or `FORMAT=FILE`; may be repeated.
 *
 * @throws {InvalidArgumentError} for another format, and where two go to one place
 */
export function collectOutput<Format extends string>(
  formats: readonly Format[],
  value: string,
  before: readonly Output<Format>[] = [],
): readonly Output<Format>[] {
  const [name = '', ...path] = value.split('=')
  const format = formats.find(known => known === name)
  if (format === undefined) throw new InvalidArgumentError(`Allowed choices are ${formats.join(', ')}.`)
  if (path.length === 0) {
    if (before.every(({ file }) => file !== undefined)) return [...before, { format }]
    throw new InvalidArgumentError(`Only one output goes to standard output: write ${format}=FILE.`)
  }
  const file = path.join('=')
  if (file === '') throw new InvalidArgumentError(`Give a file: ${format}=FILE.`)
  if (file === '-') throw new InvalidArgumentError(`For standard output write ${format} alone.`)
  if (before.every(other => other.file === undefined || identify(other.file) !== identify(file))) {
    return [...before, { format, file }]
  }
  throw new InvalidArgumentError('Another output goes to this file.')
}

/** Flags that count as not given where they are empty, as kubectl takes them; and one that is refused whatever its value. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['namespace', 'context', 'kubeconfig', 'selector', 'password'])

/**
 * Refuses what was given and is empty: a variable of a script that nobody has set.
 *
 * @throws {CommandError} for the first of them
 */
export function refuseEmpty(command: Command): void {
  for (const [i, argument] of command.registeredArguments.entries()) {
    if (isEmpty(command.processedArgs[i])) throw tellEmpty(`the argument "${argument.name()}"`)
  }
  for (const option of command.options) {
    const name = option.attributeName()
    const isGiven = command.getOptionValueSource(name) === 'cli' && !MAY_BE_EMPTY.has(name)
    if (isGiven && isEmpty(command.getOptionValue(name))) throw tellEmpty(`the value of --${option.name()}`)
  }
}

/** Of what may be repeated one is enough. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isEmpty)
  return typeof value === 'string' && value.trim() === ''
}

function tellEmpty(what: string): CommandError {
  return new CommandError(`${what} is empty; give one, or leave it out. Is a variable not set?`)
}
