import { parseImageName } from '../kubelet/image-name.ts'
import { isDockerStash } from '../kubelet/key.ts'
import { lookup } from '../kubelet/keyring.ts'
import type { SecretReading } from '../kubelet/secret.ts'
import type { ConfigReading, ConfigRow } from './config-rows.ts'
import { type EntryPlace, judgeEntry } from './entry-verdict.ts'
import type { InspectedEntry } from './inspected.ts'
import { describeUser } from './words.ts'

/**
 * Inspects the entries of a docker config.
 *
 * @param reading what the kubelet makes of the Secret that it is in
 * @param image of which is said in which turn each entry is tried
 */
export function inspectRows(
  { rows }: ConfigReading,
  reading: SecretReading | undefined,
  around: EntryPlace,
  image: string | undefined,
): readonly InspectedEntry[] {
  const turns = turnsFor(image, reading)
  // Docker's own stash is not meant for anybody else.
  return rows.filter(({ key }) => !isDockerStash(key)).map(row => inspectRow(row, around, turns))
}

function inspectRow(row: ConfigRow, around: EntryPlace, turns: ReadonlyMap<string, number>): InspectedEntry {
  const { key, reading, user, hasPassword, isPassword } = row
  const expires = typeof reading === 'object' ? reading.expires : undefined
  const turn = turns.get(key)
  return {
    registry: key,
    user: describeUser(user, isPassword),
    hasPassword,
    ...judgeEntry(row, around),
    ...(expires !== undefined && { expires }),
    ...(turn !== undefined && { turn }),
  }
}

/** In which turn the kubelet tries each key for an image. */
function turnsFor(image: string | undefined, reading: SecretReading | undefined): ReadonlyMap<string, number> {
  const name = image === undefined ? undefined : parseImageName(image)
  if (name === undefined || reading?.kind !== 'pullSecret') return new Map()
  return new Map(lookup([reading], name).map(({ entry }, i) => [entry.key, i + 1]))
}
