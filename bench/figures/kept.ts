import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the results of the last full runs are. */
export const RESULTS = join(import.meta.dirname, '../results')

/** Keeps what a run has found. @param name of its file, such as `cluster.json` */
export async function keepResult(name: string, value: unknown): Promise<void> {
  await mkdir(RESULTS, { recursive: true })
  await writeFile(join(RESULTS, name), `${JSON.stringify(value)}\n`)
}

/** What the last run has kept; undefined if none has. */
export async function readResult<T>(name: string): Promise<T | undefined> {
  const text = await readFile(join(RESULTS, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : JSON.parse(text)
}
