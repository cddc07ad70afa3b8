import { open, rm, stat, utimes } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

const BEAT = 2_000
const STALE = 15_000

/**
 * Does the work while holding a lock that other processes respect: a file that its holder touches every other second. One
 * that nobody has touched for a while belongs to a process that has died, and is taken over. Two that take it over at the
 * same moment would both work, so the work has to bear that.
 * @param waiting called once if somebody else holds it
 */
export async function withLock<T>(path: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  for (let told = false; !(await take(path)); told = true) {
    if (!told) waiting()
    if (await isStale(path)) await rm(path, { force: true })
    else await delay(BEAT / 4)
  }
  const beat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, BEAT)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function isStale(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > STALE
}
