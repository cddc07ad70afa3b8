import type { Platform } from './platforms.ts'

/** In the words of Node. */
const OS: Readonly<Record<string, Platform['os']>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' }
const ARCH: Readonly<Record<string, Platform['arch']>> = { x64: 'amd64', arm64: 'arm64' }

/** @throws {Error} for a platform that nobody has tried */
export function currentPlatform(): Platform {
  const [os, arch] = [OS[process.platform], ARCH[process.arch]]
  if (os === undefined || arch === undefined) throw new Error(`${process.platform}-${process.arch} has no single file`)
  return { os, arch }
}

export function executableName({ os }: Platform): string {
  return os === 'windows' ? 'regcred.exe' : 'regcred'
}
