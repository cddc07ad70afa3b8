import { isObjectName } from '../../kube/object-name.ts'
import { CommandError } from '../../runtime/command-error.ts'

export interface SecretFlags {
  readonly namespace?: string
  readonly server: readonly string[]
  readonly fromDocker?: boolean
  readonly all?: boolean
  readonly dockerConfig?: string
  readonly username?: string
  readonly passwordStdin?: boolean
  readonly from?: string
  readonly list?: boolean
  readonly output: 'yaml' | 'json'
  readonly outputFile?: string
  readonly force?: boolean
  readonly show?: boolean
  readonly password?: string | true
}

/** Where the logins of a Secret come from. */
export type Source =
  | { readonly kind: 'docker'; readonly servers: readonly string[] | 'all' }
  | { readonly kind: 'typed'; readonly server: string; readonly username: string; readonly stdin: boolean }
  | { readonly kind: 'secret'; readonly file: string }

/**
 * Which of the flags belong together.
 *
 * @throws {CommandError} where one is missing, or two exclude each other
 */
export function sourceOf(flags: SecretFlags): Source {
  const { fromDocker, all, dockerConfig, username, passwordStdin, from, server, force, outputFile } = flags
  const sources = [
    fromDocker && '--from-docker',
    username !== undefined && '--username',
    from !== undefined && '--from',
  ]
  const [source, other] = sources.filter(flag => typeof flag === 'string')
  refuse(source === undefined, 'say where the login is: --from-docker, --username USER, or --from FILE')
  refuse(other !== undefined, `${source} and ${other} exclude each other`)
  refuse(
    source !== '--from-docker' && (all || dockerConfig !== undefined),
    '--all and --docker-config need --from-docker',
  )
  refuse(source !== '--username' && passwordStdin, '--password-stdin needs --username USER')
  refuse(force && outputFile === undefined, '--force needs --output-file FILE')
  if (from !== undefined) {
    refuse(server.length > 0, '--from takes the registries of the Secret; leave --server out')
    return { kind: 'secret', file: from }
  }
  const [first, second] = server
  if (username === undefined) {
    refuse(
      first === undefined && !all,
      'say which logins: --server REGISTRY (regcred secret --list shows what there is), or --all',
    )
    refuse(first !== undefined && all, '--server and --all exclude each other')
    return { kind: 'docker', servers: all ? 'all' : server }
  }
  if (first === undefined || second !== undefined)
    throw new CommandError('--username needs one registry: --server REGISTRY')
  return { kind: 'typed', server: first, username, stdin: passwordStdin === true }
}

function refuse(is: boolean | undefined, fault: string): void {
  if (is) throw new CommandError(fault)
}

/** What an option `--password` does not do here. Its value is in the process list, and in the history of the shell. */
export const NO_PASSWORD =
  'there is no --password: others would see it in the process list; leave it out to be asked, or pipe it: --password-stdin'

/** Characters of a Namespace's name, by DNS. */
const MAX_LABEL_LENGTH = 63

/**
 * Name and namespace of a Secret, if an object can have them.
 *
 * @throws {CommandError} where it cannot, with a name near it that works
 */
export function checkNames(
  name: string | undefined,
  namespace: string | undefined,
): { name: string; namespace?: string } {
  if (name === undefined) throw new CommandError('give the Secret a name: regcred secret NAME …')
  if (!isObjectName(name)) throw new CommandError(explainName('Secret', name))
  // As kubectl takes an empty name.
  if (!namespace) return { name }
  const isNamespace = isObjectName(namespace) && !namespace.includes('.') && namespace.length <= MAX_LABEL_LENGTH
  if (!isNamespace) throw new CommandError(explainName('Namespace', namespace))
  return { name, namespace }
}

function explainName(kind: 'Secret' | 'Namespace', name: string): string {
  const other = kind === 'Secret' ? /[^a-z0-9.]+/g : /[^a-z0-9]+/g
  const near = name
    .slice(0, MAX_LABEL_LENGTH)
    .toLowerCase()
    .replaceAll(other, '-')
    .replaceAll(/[-.]*\.[-.]*/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  const letters = `a ${kind} has a name of lower-case letters, digits${kind === 'Secret' ? ', - and .' : ' and -'}`
  return `${letters}${near === '' ? '' : `; did you mean "${near}"?`}`
}
