import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { delimiter, isAbsolute } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { getString, strings } from '../kube/untyped.ts'
import { encodeUtf8 } from '../kubelet/go/utf8.ts'

/** Time for a credential helper to answer: it may ask the person to unlock a keychain. */
const HELPER_TIMEOUT_MS = 60_000
/** What a credential helper may print: a login is a few kilobytes, and a list of them a line for each. */
const MAX_HELPER_OUTPUT_BYTES = 1024 * 1024

/** What a credential helper has for a registry: strings of bytes; `fault` is for people, and holds nothing that it printed. */
export type HelperAnswer =
  | { readonly state: 'value'; readonly user: string; readonly password: string }
  | { readonly state: 'absent' }
  | { readonly state: 'fault'; readonly fault: string }

/** The user names that a credential helper has, by its own names of registries. */
export type HelperList =
  | { readonly state: 'value'; readonly users: Readonly<Record<string, string>> }
  | { readonly state: 'fault'; readonly fault: string }

/** Credential stores and helpers, as Docker's client asks them. */
export interface CredentialHelpers {
  get(helper: string, server: string): Promise<HelperAnswer>
  list(helper: string): Promise<HelperList>
}

/** What a helper prints, with status 1, for a registry of which it has nothing. */
const NOT_FOUND = 'credentials not found in native keychain'

/**
 * Runs `docker-credential-NAME`. What it prints on standard error is not read, and what it prints on standard output is never repeated:
 * there may be a password in either.
 *
 * @param timeout milliseconds
 * @see https://github.com/docker/docker-credential-helpers
 */
export function openHelpers(timeout = HELPER_TIMEOUT_MS): CredentialHelpers {
  return {
    async get(helper, server) {
      const ran = await run(helper, 'get', server, timeout)
      if ('fault' in ran) return { state: 'fault', fault: ran.fault }
      if (ran.status !== 0) return ran.output.trim() === NOT_FOUND ? { state: 'absent' } : failed(helper, ran.status)
      const answer = parse(ran.output)
      const user = encodeUtf8(getString(answer, 'Username') ?? '')
      const password = encodeUtf8(getString(answer, 'Secret') ?? '')
      if (user === '' || password === '')
        return { state: 'fault', fault: `${nameOf(helper)} gave no user name and password` }
      return { state: 'value', user, password }
    },
    async list(helper) {
      const ran = await run(helper, 'list', '', timeout)
      if ('fault' in ran) return { state: 'fault', fault: ran.fault }
      if (ran.status !== 0) return failed(helper, ran.status)
      return { state: 'value', users: strings(parse(ran.output)) }
    },
  }
}

function failed(helper: string, status: number | null): { readonly state: 'fault'; readonly fault: string } {
  const how = status === null ? 'was ended by a signal' : `failed with status ${status}`
  return { state: 'fault', fault: `${nameOf(helper)} ${how}; run ${nameOf(helper)} list to see why` }
}

/** An error of the parser quotes what it read. */
function parse(output: string): unknown {
  try {
    return JSON.parse(output)
  } catch {
    return undefined
  }
}

type Ran = { readonly status: number | null; readonly output: string } | { readonly fault: string }

async function run(helper: string, verb: string, input: string, timeout: number): Promise<Ran> {
  if (!isHelperName(helper))
    return { fault: 'a credential store or helper has a name that no program has, and is not run' }
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute).join(delimiter)
  // An empty PATH is the folder in which we are.
  if (path === '') return { fault: `${nameOf(helper)} ${NOT_ON_PATH}` }
  const child = start(nameOf(helper), verb, path)
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const end = (what: string) => {
    child.kill('SIGKILL')
    // What it has started may hold the other end.
    child.stdout.destroy()
    resolve({ fault: `${nameOf(helper)} ${what}, and was ended` })
  }
  const timer = setTimeout(() => end(`did not answer within ${timeout / 1000} s`), timeout)
  const chunks: Buffer[] = []
  let bytes = 0
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_HELPER_OUTPUT_BYTES) end('printed more than 1 MiB')
    else chunks.push(chunk)
  })
  child.once('error', (error: NodeJS.ErrnoException) => resolve({ fault: `${nameOf(helper)} ${whyNot(error.code)}` }))
  child.once('close', status => resolve({ status, output: Buffer.concat(chunks).toString() }))
  // It may answer without having read it all.
  child.stdin.on('error', () => {})
  // As Docker's client writes it: without a line break.
  child.stdin.end(input)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

/** With our terminal, where it may ask for a passphrase and hear of Ctrl-C; and never of the folder in which we are. */
function start(program: string, verb: string, path: string): ChildProcessByStdio<Writable, Readable, null> {
  const env = { ...process.env, PATH: path }
  return spawn(program, [verb], { env, windowsHide: true, stdio: ['pipe', 'pipe', 'ignore'] })
}

function whyNot(code: string | undefined): string {
  return code === 'ENOENT' ? NOT_ON_PATH : `cannot be run (${code})`
}

const NOT_ON_PATH = 'is not on the PATH; install it'

/** The name of a program and no path. */
function isHelperName(name: string): boolean {
  return /^[a-z0-9._-]{1,64}$/.test(name)
}

/** The program of a store or helper, e.g. `docker-credential-desktop`. */
export function nameOf(helper: string): string {
  return `docker-credential-${helper}`
}
