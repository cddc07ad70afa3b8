import type { Advice } from './advice.ts'
import { type Home, inGit } from './home.ts'
import { command } from './kubectl.ts'

/** Where a Secret is, and whether it is one in a file, or kept by something that would write it again as it was. */
export interface SecretPlace extends Pick<Home, 'isFile'>, Keeper {
  readonly namespace: string
}

/** What keeps a Secret of a cluster as it is. */
export interface Keeper extends Pick<Home, 'tool'> {
  /** What writes it there, e.g. `ExternalSecret "acme"`; it is told rather than the tool that applies that. */
  readonly writer?: string
}

/** Where a Secret is changed that something keeps; undefined for one that people write. */
export function changeElsewhere({ tool, writer }: Keeper): string | undefined {
  if (writer !== undefined) return `correct it where ${writer} gets it`
  return tool && inGit(tool)
}

/** @param correct what the name is in, e.g. `spec.imagePullSecrets` */
export function createSecret(secret: string, namespace: string, correct: string): Advice {
  const create = writeCreate(secret, namespace, 'FILE')
  const text = create === undefined ? `correct the name in ${correct}` : `correct the name, or create it: ${create}`
  return { kind: 'createSecret', text }
}

/**
 * | the Secret             | is made again by                                        |
 * | ---------------------- | ------------------------------------------------------- |
 * | in a file              | a command that prints it                                |
 * | written by another object | where that gets it                                   |
 * | applied by a tool      | what that applies                                       |
 * | in a cluster           | a command that replaces it: its type cannot be changed  |
 *
 * The pipe fails before anything is replaced if the file is no docker config.
 */
export function recreateSecret(secret: string, place: SecretPlace, from: Source = 'FILE'): Advice {
  const elsewhere = changeElsewhere(place)
  if (elsewhere !== undefined) return { kind: 'changeSecretInGit', text: elsewhere }
  const replace = writeReplace(secret, place, from)
  const verb = place.isFile ? 'write it anew' : 'recreate it'
  const kind = from === 'FILE' ? 'recreateSecret' : 'recreateFromLogin'
  return { kind, text: replace === undefined ? verb : `${verb}: ${replace}` }
}

/**
 * What to do where a password is missing that somebody has.
 *
 * @param server the registry as a pull secret names it, where that is known
 */
export function createFromLogin(secret: string, namespace: string, server?: string): Advice {
  const create = writeCreate(secret, namespace, 'LOGIN')
  const isPlain = server !== undefined && PLAIN_SERVER.test(server)
  const typed = isPlain ? create?.replace('=SERVER', `=${server}`) : create
  const text = typed === undefined ? 'make a pull secret of a login' : `make a pull secret of a login: ${typed}`
  return { kind: 'recreateFromLogin', text }
}

/** What any shell takes as it stands. */
const PLAIN_SERVER = /^(?:https:\/\/index\.docker\.io\/v1\/|[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?)$/

/** One of several entries whose password has ended. */
export function renewEntry(): Advice {
  return { kind: 'renewCredentials', text: 'write a new password into it' }
}

/**
 * How the docker config of a Secret is had as a file, to be corrected there; undefined where it is changed elsewhere.
 *
 * @param key of its data
 */
export function takeDockerConfig(secret: string, place: SecretPlace, key: string): Advice | undefined {
  const { isFile, namespace } = place
  if (isFile || changeElsewhere(place) !== undefined || !PLAIN_KEY.test(key)) return undefined
  const path = `'{.data.${key.replaceAll('.', '\\.')}}'`
  const get = `kubectl get secret ${secret} --namespace ${namespace} -o jsonpath=${path} | base64 -d > FILE`
  const typed = command([secret, namespace], get)
  return typed === undefined
    ? undefined
    : { kind: 'recreateSecret', text: `take its docker config, passwords and all: ${typed}` }
}

/** What a key of the data of a Secret is. */
const PLAIN_KEY = /^[-._a-zA-Z0-9]{1,253}$/

/** What a pull secret is made of: a docker config, or user name and password, where a docker config does not have them. */
type Source = keyof typeof FLAGS

const FLAGS = {
  FILE: '--from-file=.dockerconfigjson=FILE',
  LOGIN: '--docker-server=SERVER --docker-username=USER --docker-password=PASSWORD',
} as const

export function renewCredentials(secret: string, place: SecretPlace): Advice {
  const elsewhere = changeElsewhere(place)
  if (elsewhere !== undefined) return { kind: 'changeSecretInGit', text: elsewhere }
  const replace = writeReplace(secret, place, 'FILE')
  return { kind: 'renewCredentials', text: replace === undefined ? 'renew them' : `renew them: ${replace}` }
}

function writeCreate(secret: string, namespace: string, from: Source): string | undefined {
  const create = `kubectl create secret docker-registry ${secret} --namespace ${namespace} ${FLAGS[from]}`
  return command([secret, namespace], create)
}

function writeReplace(secret: string, { isFile, namespace }: SecretPlace, from: Source): string | undefined {
  const create = writeCreate(secret, namespace, from)
  if (create === undefined) return undefined
  return `${create} --dry-run=client -o yaml${isFile ? '' : ' | kubectl replace --force -f -'}`
}

/** @param instead a key of the docker config that would be right; undefined where nobody can say which was meant */
export function correctRegistry(instead: string | undefined): Advice {
  return instead === undefined
    ? { kind: 'spellOutRegistry', text: 'write host, port and path as its images have them' }
    : { kind: 'correctRegistry', text: `write "${instead}"` }
}

export function completeEntry(mayBeLeftOut: boolean): Advice {
  const text = `write user name and password into it${mayBeLeftOut ? ', or leave it out' : ''}`
  return { kind: 'completeEntry', text }
}

/** @param recreate what is to be done with the whole then */
export function completeEntryOf(key: string, recreate: Advice): Advice {
  return { kind: recreate.kind, text: `write user name and password for "${key}" into it, then ${recreate.text}` }
}

/** @param ignore the annotation, with its value, of a Secret whose password is right */
export function trimPassword(
  secret: string,
  place: SecretPlace,
  ignore: { readonly annotation: string; readonly value: string },
): Advice {
  const { isFile, namespace } = place
  const { annotation, value } = ignore
  const remark = `its annotation ${annotation}: ${value}`
  const elsewhere = changeElsewhere(place)
  if (elsewhere !== undefined)
    return { kind: 'trimPassword', text: `write it without, or with ${remark} if it is right; ${elsewhere}` }
  const annotate = `kubectl annotate secret ${secret} --namespace ${namespace} ${annotation}=${value}`
  const typed = isFile ? undefined : command([secret, namespace], annotate)
  const right = typed ?? `set ${remark}`
  return { kind: 'trimPassword', text: `write it without, or if it is right: ${right}` }
}
