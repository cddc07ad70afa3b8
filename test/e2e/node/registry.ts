import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { type Component, startComponent } from '../control-plane/component.ts'
import { type Front, startFront } from './front.ts'

/** A user of the registry. */
export interface User {
  readonly name: string
  readonly password: string
  /** Images that the user may pull begin with one of these: `HOST/PATH`. All, if this is not given. */
  readonly rights?: readonly string[]
}

/** The person of the walkthrough. */
export const JANE: User = { name: 'janedoe', password: 'xxxxxxxxxxx' }

/** A private registry that answers for every host: whatever is pulled, it is the same image. */
export interface Registry {
  /** Where it is pushed to, `127.0.0.1:PORT`. */
  readonly address: string
  readonly component: Component
  readonly front: Front
}

const PORT = 5000

/** Starts it with these users; nobody else gets anything. */
export async function startRegistry(folder: string, users: readonly User[] = [JANE]): Promise<Registry> {
  const files = {
    config: join(folder, 'registry.yaml'),
    users: join(folder, 'htpasswd'),
    data: join(folder, 'registry'),
  }
  await mkdir(files.data)
  const lines = await Promise.all(users.map(hashPassword))
  await writeFile(files.users, lines.join(''), { mode: 0o600 })
  const address = `127.0.0.1:${PORT}`
  const config = {
    version: 0.1,
    log: { accesslog: { disabled: true }, level: 'warn' },
    storage: { filesystem: { rootdirectory: files.data } },
    http: { addr: address },
    auth: { htpasswd: { realm: 'private', path: files.users } },
  }
  await writeFile(files.config, stringify(config))
  const component = startComponent('docker-registry', ['serve', files.config], join(folder, 'registry.log'))
  await component.waitUntil('the registry answers', () => fetch(`http://${address}/`).catch(() => undefined))
  return { address, component, front: await startFront(address, users) }
}

/** A line of htpasswd's, with the smallest cost: it is asked for with every request. */
async function hashPassword({ name, password }: User): Promise<string> {
  const { stdout } = await promisify(execFile)('htpasswd', ['-nbBC', '4', name, password])
  return `${stdout.trim()}\n`
}
