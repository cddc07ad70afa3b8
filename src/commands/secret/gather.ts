import { homedir } from 'node:os'
import { decodeUtf8, encodeUtf8 } from '../../kubelet/go/utf8.ts'
import { openHelpers } from '../../logins/credential-helper.ts'
import { type DockerConfigFile, readDockerConfigFile } from '../../logins/docker-config-file.ts'
import { faultOfUser, LoginFinder, showRegistry } from '../../logins/find-logins.ts'
import { listLogins } from '../../logins/list-logins.ts'
import type { Login } from '../../logins/login.ts'
import { readPasswordLine } from '../../logins/password-line.ts'
import { writeRegistry } from '../../logins/registry-key.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { cutVisible } from '../../runtime/visible.ts'
import type { Streams } from '../streams.ts'
import type { SecretFlags, Source } from './flags.ts'
import { jsonOf, tableOf } from './list.ts'

/** Logins that are asked of a credential store, one after another, where all are wanted. */
const MAX_ASKED_LOGINS = 200

/** Characters of a user name that a message repeats. */
const MAX_USER_LENGTH = 100

/** @throws {CommandError} where there is no docker config */
async function readConfig({ dockerConfig }: Pick<SecretFlags, 'dockerConfig'>): Promise<DockerConfigFile> {
  const config = await readDockerConfigFile(dockerConfig, { env: process.env, home: homedir() })
  if (!config.ok) throw new CommandError(config.fault)
  return config
}

/** Lists what there is to choose from. */
export async function printLogins(flags: SecretFlags, streams: Streams): Promise<void> {
  const { logins, faults } = await listLogins(await readConfig(flags), openHelpers())
  tell(faults, streams)
  const out = new Terminal(streams.stdout)
  if (flags.output === 'json') out.writeText(jsonOf(logins))
  else out.write(...tableOf(logins, out))
}

/**
 * The logins of this machine for the registries that were chosen; says on stderr whose they are and where from.
 *
 * @throws {CommandError} where one is missing, with every fault
 */
export async function gatherFromDocker(
  servers: readonly string[] | 'all',
  flags: SecretFlags,
  streams: Streams,
): Promise<readonly Login[]> {
  const registries = servers === 'all' ? undefined : new Set(servers.map(server => chooseRegistry(server, streams)))
  const config = await readConfig(flags)
  const helpers = openHelpers()
  const listed = registries === undefined ? await listLogins(config, helpers) : undefined
  const finder = new LoginFinder(config, helpers, listed?.onlyInStores)
  const wanted = registries ?? finder.registries
  const { store, helpers: named } = config.logins
  const asksStores = store !== undefined || named.size > 0
  if (registries === undefined && asksStores && finder.registries.length > MAX_ASKED_LOGINS)
    throw new CommandError(
      `there are more than ${MAX_ASKED_LOGINS} logins to ask a credential store for; choose: --server REGISTRY`,
    )
  const logins: Login[] = []
  const said: string[] = []
  const faults = [...(listed?.faults ?? [])]
  for (const registry of wanted) {
    const found = await finder.find(registry)
    if (!found.ok) faults.push(found.fault)
    else {
      logins.push(found.login)
      const user = cutVisible(decodeUtf8(found.login.user), MAX_USER_LENGTH)
      said.push(`${showRegistry(registry)}: user ${user}, from ${found.from}`)
    }
  }
  if (registries !== undefined && faults.length > 0) throw new CommandError(someOf(faults))
  if (logins.length === 0)
    throw new CommandError(someOf([`${config.file} has no login that Kubernetes can use`, ...faults]))
  tell(said, streams)
  tell(
    faults.map(fault => `left out: ${fault}`),
    streams,
  )
  return logins
}

/**
 * A login whose password is typed, or comes on standard input.
 *
 * @throws {CommandError} where it is not one, or nobody gives a password
 */
export async function gatherTyped(
  { server, username, stdin }: Extract<Source, { readonly kind: 'typed' }>,
  streams: Streams,
): Promise<Login> {
  const registry = chooseRegistry(server, streams)
  const user = encodeUtf8(username)
  const fault = faultOfUser(user)
  if (fault !== undefined) throw new CommandError(`${showRegistry(registry)}: ${fault}; give another: --username USER`)
  if (stdin && streams.stdin.isTTY)
    throw new CommandError('--password-stdin reads standard input, which is a terminal; leave it out to be asked')
  const read = stdin ? await readPasswordLine(streams.stdin, user) : await ask(username, registry)
  if (!read.ok) throw new CommandError(read.fault)
  return { registry, user, password: read.password }
}

async function ask(username: string, registry: string) {
  const { askPassword } = await import('../../logins/ask-password.ts')
  return await askPassword(`Password or token for ${username} at ${showRegistry(registry)}`)
}

/** The key of a registry that was named; says if it is another. */
function chooseRegistry(server: string, streams: Streams): string {
  const registry = writeRegistry(server)
  if (!registry.ok) throw new CommandError(registry.fault)
  if (registry.change !== undefined) tell([registry.change], streams)
  return registry.key
}

/** Talk, a line each. */
export function tell(lines: readonly string[], { stderr }: Pick<Streams, 'stderr'>): void {
  const err = new Terminal(stderr)
  err.write(...someOf(lines).map(line => err.line`regcred: ${line}`))
}

/** Lines of one kind that are said: nobody reads ten thousand. */
const MAX_SAID_LINES = 20

/** The first of some lines, and how many there are besides. */
export function someOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - MAX_SAID_LINES
  return more > 0 ? [...lines.slice(0, MAX_SAID_LINES), `and ${more} more`] : lines
}
