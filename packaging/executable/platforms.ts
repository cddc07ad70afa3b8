/** A platform that there is a single file for, in the words of Go and so of krew. */
export interface Platform {
  readonly os: 'linux' | 'darwin' | 'windows'
  readonly arch: 'amd64' | 'arm64'
}

export const PLATFORMS: readonly Platform[] = [
  { os: 'linux', arch: 'amd64' },
  { os: 'linux', arch: 'arm64' },
  { os: 'darwin', arch: 'amd64' },
  { os: 'darwin', arch: 'arm64' },
  { os: 'windows', arch: 'amd64' },
]

/** As it is called on a release, e.g. `regcred_1.2.3_linux_amd64.tar.gz`. */
export function archiveName(version: string, { os, arch }: Platform): string {
  return `regcred_${version}_${os}_${arch}.${os === 'windows' ? 'zip' : 'tar.gz'}`
}
