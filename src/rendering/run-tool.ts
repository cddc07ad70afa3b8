import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter, isAbsolute } from 'node:path'
import { cutVisible } from '../runtime/visible.ts'

/** Time for helm or kustomize to render one folder: a kustomization may name others that have to be fetched. */
const RENDER_TIMEOUT_MS = 60_000
/** What they may print: as large as a file of manifests may be. */
const MAX_RENDERED_BYTES = 32 * 1024 * 1024
/** What is kept of their errors. */
const MAX_ERROR_BYTES = 16 * 1024
/** Lines of their errors that are told: the first say what is wrong. */
const MAX_ERROR_LINES = 3
/** Characters of such a line. */
const MAX_ERROR_LENGTH = 500

/** What came of running a program; `fault` is what is wrong, and continues a sentence that begins with its name. */
export type Ran =
  | { readonly state: 'done'; readonly output: string }
  | { readonly state: 'absent' }
  | { readonly state: 'failed'; readonly fault: string }

export interface RunOptions {
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly timeout?: number
  readonly maxBytes?: number
}

/**
 * Runs a program of the PATH without a shell and with nobody to ask, and reads what it prints. One that does not end in time, or prints
 * without end, is ended with whatever it has started.
 *
 * Only absolute folders of the PATH count: a repository that is checked does not bring the program along.
 */
export async function runTool(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { env = {}, timeout = RENDER_TIMEOUT_MS, maxBytes = MAX_RENDERED_BYTES } = options
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute).join(delimiter)
  // An empty PATH is the folder in which we are.
  if (path === '') return { state: 'absent' }
  const child = spawn(program, args, {
    env: { ...process.env, ...env, PATH: path },
    // A group of its own, without a terminal: git, which fetches what a kustomization names, asks for passwords there.
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const stop = () => endGroup(child)
  const end = (fault: string) => {
    stop()
    // What has left the group may hold the other end.
    child.stdout.destroy()
    child.stderr.destroy()
    resolve({ state: 'failed', fault })
  }
  process.once('exit', stop)
  const timer = setTimeout(() => end(`did not end within ${timeout / 1000} s`), timeout)
  const output = gather(child.stdout, maxBytes, () => end(`printed more than ${maxBytes / 1024 / 1024} MiB`))
  const errors = gather(child.stderr, MAX_ERROR_BYTES, () => {})
  child.once('error', ({ code }: NodeJS.ErrnoException) =>
    resolve(code === 'ENOENT' ? { state: 'absent' } : { state: 'failed', fault: `cannot be run (${code})` }),
  )
  child.once('close', status => {
    const text = output()
    if (status !== 0) resolve({ state: 'failed', fault: `failed: ${firstLines(errors()) || describe(status)}` })
    else if (text.includes('\0')) resolve({ state: 'failed', fault: 'printed what is not text' })
    else resolve({ state: 'done', output: text })
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    process.off('exit', stop)
  }
}

/** Keeps the beginning of what comes. @returns what there is of it */
function gather(stream: NodeJS.ReadableStream, maxBytes: number, onMore: () => void): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    if (bytes <= maxBytes) chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxBytes) onMore()
  })
  return () => Buffer.concat(chunks).toString()
}

function firstLines(text: string): string {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  return lines
    .slice(0, MAX_ERROR_LINES)
    .map(line => cutVisible(line.trim(), MAX_ERROR_LENGTH))
    .join('; ')
}

function describe(status: number | null): string {
  return status === null ? 'it was ended by a signal' : `exit status ${status}`
}

function endGroup({ pid }: ChildProcess): void {
  try {
    // Without a process there is no group; 0 would be our own.
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
