import { readFile, writeFile } from 'node:fs/promises'
import { REGISTRY } from '../control-plane/objects.ts'

/** What `docker login` would write. */
export const dockerConfigText = JSON.stringify({
  auths: { [REGISTRY]: { username: 'u', password: 'not-a-password-of-advice' } },
})

/** A change to an object in a file. */
export type Edit = (object: Record<string, unknown>) => void

export async function editFile(file: string, edit: Edit): Promise<void> {
  const object = JSON.parse(await readFile(file, 'utf8'))
  edit(object)
  await writeFile(file, JSON.stringify(object, null, 2))
}

/** The list of pull secrets at the path that an advice names, which is made if there is none. */
function listAt(object: Record<string, unknown>, path: string): { name: string }[] {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce((value, key) => Object(value[key]), object)
  const list = Object(parent)[last] ?? []
  Object(parent)[last] = list
  return list
}

/** Adds a name to the list at a path, in the place of another if there is one. */
export function writeName(path: string, name: string, insteadOf?: string): Edit {
  return object => {
    const list = listAt(object, path)
    const at = list.findIndex(entry => entry.name === insteadOf)
    if (at < 0) list.push({ name })
    else list[at] = { name }
  }
}

/** Changes the docker config of a Secret. */
export function editDockerConfig(change: (auths: Record<string, unknown>) => void): Edit {
  return object => {
    const data = Object(object['stringData'])
    const config = JSON.parse(data['.dockerconfigjson'])
    change(config.auths)
    data['.dockerconfigjson'] = JSON.stringify(config)
  }
}

/** Writes another registry where one stands. */
export function writeRegistry(written: string, instead: string): Edit {
  return editDockerConfig(auths => {
    auths[instead] = auths[written]
    delete auths[written]
  })
}
