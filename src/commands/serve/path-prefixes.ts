import { createHash } from 'node:crypto'
import type { App } from '../../app.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { Log } from '../../runtime/log.ts'
import { readSmallFile } from '../../runtime/read-small-file.ts'
import { watchFiles } from '../../runtime/watch-files.ts'

/** The prefixes of a file, and the mark of the content that was read. */
export interface PathPrefixesFile {
  readonly file: string
  readonly digest: string
  /** E.g. `/3f9c…`; empty for no prefix. */
  readonly prefixes: readonly string[]
}

type Loaded = { readonly digest: string } & (
  | { readonly ok: true; readonly prefixes: readonly string[] }
  | { readonly ok: false; readonly fault: string; readonly cause?: unknown }
)

/** What can be no accident: a prefix is either none, or nobody guesses it. */
const PREFIX = /^\/(?:[A-Za-z0-9_-]{32,128})?$/

/**
 * Reads the prefixes below which reviews are accepted, one a line.
 *
 * @throws {CommandError} one line that names the file and says what to do, and quotes nothing of it
 */
export async function readPathPrefixes(file: string): Promise<PathPrefixesFile> {
  const loaded = await load(file)
  if (!loaded.ok) throw new CommandError(loaded.fault, { cause: loaded.cause })
  return { file, digest: loaded.digest, prefixes: loaded.prefixes }
}

/** Lets a server accept reviews from now on where its file says; a bad new content is refused, and loudly. */
export function watchPathPrefixes(
  { file, digest }: PathPrefixesFile,
  app: Pick<App, 'usePathPrefixes'>,
  log: Log,
): { stop(): void } {
  return watchFiles([file], {
    since: digest,
    load: () => load(file),
    onChange: found => {
      if (found.ok) app.usePathPrefixes(found.prefixes)
      if (found.ok) log.info({ file, prefixes: found.prefixes.length }, 'path prefixes accepted')
      else log.error({ fault: found.fault }, 'path prefixes refused; the last good ones stay in effect')
    },
  })
}

async function load(file: string): Promise<Loaded> {
  let text: string
  try {
    text = (await readSmallFile(file)).toString()
  } catch (cause) {
    const fault = `--path-prefix-file: cannot read ${file} (${Object(cause).code}); check the path and its permissions`
    return { ok: false, fault, cause, digest: fault }
  }
  const digest = createHash('sha256').update(text).digest('hex')
  const lines = text.split('\n').map(line => line.trim())
  const bad = lines.findIndex(line => line !== '' && !PREFIX.test(line))
  const prefixes = lines.filter(line => line !== '').map(line => (line === '/' ? '' : line))
  if (bad === -1 && prefixes.length > 0) return { ok: true, prefixes, digest }
  const where = bad === -1 ? `${file} is empty` : `line ${bad + 1} of ${file} is not a prefix`
  const what = 'write "/" and 32 to 128 letters, digits, "-" or "_" on each line, or "/" alone for no prefix'
  return { ok: false, fault: `--path-prefix-file: ${where}; ${what}`, digest }
}
