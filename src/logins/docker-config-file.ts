import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readSmallFile } from '../runtime/read-small-file.ts'
import { type DockerLogins, parseDockerLogins } from './docker-logins.ts'

/** A docker config of this machine. */
export interface DockerConfigFile {
  readonly ok: true
  readonly file: string
  readonly logins: DockerLogins
}

/** What says where it is. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

/**
 * Reads the docker config that was named, or the first that there is: Docker's own, or else Podman's.
 *
 * @see https://docs.docker.com/reference/cli/docker/#environment-variables
 * @see containers-auth.json(5)
 */
export async function readDockerConfigFile(
  named: string | undefined,
  surroundings: Surroundings,
): Promise<DockerConfigFile | { readonly ok: false; readonly fault: string }> {
  const files = named === undefined ? usualFiles(surroundings) : [named]
  for (const file of files) {
    const read = await readConfig(file)
    if (read !== 'absent') return read
  }
  const looked = files.join(' or ')
  return {
    ok: false,
    fault: `there is no docker config ${looked}; log in first (docker login), or name it: --docker-config FILE`,
  }
}

function usualFiles({ env, home }: Surroundings): readonly string[] {
  const folder = env['DOCKER_CONFIG'] || join(home, '.docker')
  const runtime = env['XDG_RUNTIME_DIR']
  return [join(folder, 'config.json'), ...(runtime ? [join(runtime, 'containers/auth.json')] : [])]
}

async function readConfig(
  file: string,
): Promise<DockerConfigFile | 'absent' | { readonly ok: false; readonly fault: string }> {
  try {
    // Whoever opens a pipe waits for another who writes to it.
    if (!(await stat(file)).isFile())
      return { ok: false, fault: `${file} is not a file; --docker-config takes a config.json` }
    const logins = parseDockerLogins('dockerconfigjson', (await readSmallFile(file)).toString('latin1'))
    if (typeof logins === 'string') return { ok: false, fault: `${file} cannot be used: ${logins}` }
    return { ok: true, file, logins }
  } catch (error) {
    const { code } = Object(error)
    if (code === 'ENOENT') return 'absent'
    return { ok: false, fault: `${file} cannot be read (${code}); check the path and its permissions` }
  }
}
