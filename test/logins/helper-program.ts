import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Credential helpers as programs: `script` is of sh, and finds its verb in `$1`, and the server in `$server`.
 *
 * @returns the PATH on which they are
 */
export function installHelpers(folder: string, scripts: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, script] of Object.entries(scripts)) {
    const program = join(folder, `docker-credential-${name}`)
    writeFileSync(program, `#!/bin/sh\nserver=$(cat)\n${script}\n`)
    chmodSync(program, 0o755)
  }
  return `${folder}:${process.env['PATH']}`
}

/** What one prints that has these logins, by server: user and password. */
export function keychain(logins: Readonly<Record<string, readonly [user: string, password: string]>>): string {
  const list = Object.fromEntries(Object.entries(logins).map(([server, [user]]) => [server, user]))
  const cases = Object.entries(logins).map(([server, [user, password]]) => {
    const json = JSON.stringify({ ServerURL: server, Username: user, Secret: password })
    return `'${server}') printf '%s' '${json}' ;;`
  })
  return [
    `if [ "$1" = list ]; then printf '%s' '${JSON.stringify(list)}'; exit; fi`,
    `case $server in ${cases.join('\n')}`,
    `*) echo 'credentials not found in native keychain'; exit 1 ;; esac`,
  ].join('\n')
}
