import { readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Links that a path is followed through: as many as Linux does. */
const MAX_LINKS = 40

/**
 * Says which file a path leads to, so that two paths to one file are equal, through symbolic and hard links, whether the file is there
 * yet or not.
 */
export function identify(path: string): string {
  const target = follow(path, MAX_LINKS)
  try {
    const { dev, ino } = statSync(target)
    return `${dev} ${ino}`
  } catch {
    return target
  }
}

/** What a link leads to that is not there: it is made where the link says. */
function follow(path: string, links: number): string {
  const absolute = join(realFolder(dirname(resolve(path))), basename(path))
  const next = readLink(absolute)
  return next === undefined || links === 0 ? absolute : follow(resolve(dirname(absolute), next), links - 1)
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
