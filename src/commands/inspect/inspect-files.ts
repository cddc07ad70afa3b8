import { inspectDockerConfig } from '../../inspection/inspect-docker-config.ts'
import { inspectSecret } from '../../inspection/inspect-secret.ts'
import type { InspectOptions } from '../../inspection/inspected.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { readSecrets } from '../read-secrets.ts'
import type { Streams } from '../streams.ts'
import { Collected, type InspectedAll } from './collected.ts'

/**
 * Inspects the docker configs in files.
 *
 * @throws {CommandError} if there is none
 */
export async function inspectFiles(
  paths: readonly string[],
  limit: number,
  options: InspectOptions,
  streams: Pick<Streams, 'stdin'>,
): Promise<InspectedAll> {
  const { found, faults, others } = await readSecrets(paths, streams)
  if (found.length === 0) throw new CommandError(faults.length > 0 ? faults : explainNothing(paths, others))
  const collected = new Collected(limit)
  for (const one of found) {
    collected.add(
      'secret' in one
        ? inspectSecret(one.secret, options)
        : inspectDockerConfig(one.file === '-' ? 'standard input' : one.file, one.dockerConfig, options),
    )
  }
  const { shown, more, moreWrong } = collected
  return { shown: shown.map(inspected => ({ inspected })), more, moreWrong, faults }
}

function explainNothing(paths: readonly string[], others: number): string {
  const isPiped = paths.length === 1 && paths[0] === '-'
  if (isPiped && others === 0) return 'standard input is empty. Did the command before it fail?'
  return `there is no docker config and no pull secret in ${isPiped ? 'standard input' : paths.join(', ')}; give one, e.g. ~/.docker/config.json`
}
