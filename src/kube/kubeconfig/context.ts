import { basename, dirname, isAbsolute, join } from 'node:path'
import { get, getString } from '../untyped.ts'
import type { Cluster, Impersonate, User } from './credentials.ts'
import { type Entry, type KubeConfigDocument, KubeConfigFault, needText, readText } from './document.ts'
import type { Plugin } from './plugin.ts'

/** A context with what it names. */
export interface Context {
  readonly cluster: NamedCluster
  readonly user: User
  readonly namespace: string
}

export type NamedCluster = Cluster & { readonly name: string }

/**
 * Reads a context of a kubeconfig, and the cluster and the user that it names. The others may be incomplete, as kubectl takes it.
 *
 * @param wanted the name of the context; else the current one
 * @throws {KubeConfigFault} if one of the three is missing or incomplete
 */
export function readContext(document: KubeConfigDocument, wanted: string | undefined): Context {
  const name = wanted ?? document.currentContext
  const names = [...document.contexts.keys()]
  const choose = names.length === 0 ? 'the kubeconfig has none' : `pass one of ${names.join(', ')} with --context`
  if (!name) throw new KubeConfigFault(`The kubeconfig has no current-context: ${choose}.`)
  const context = document.contexts.get(name)
  if (context === undefined) throw new KubeConfigFault(`There is no context "${name}": ${choose}.`)
  const named = (kind: 'cluster' | 'user', entries: KubeConfigDocument['clusters']) => {
    const entry = entries.get(needText(context, kind))
    if (entry !== undefined) return entry
    const missing = `the ${kind} "${needText(context, kind)}", which is not in the kubeconfig`
    throw new KubeConfigFault(`The context "${name}" names ${missing}.`)
  }
  return {
    cluster: readCluster(needText(context, 'cluster'), named('cluster', document.clusters)),
    user: readUser(named('user', document.users)),
    namespace: readText(context, 'namespace')?.trim() || 'default',
  }
}

function readCluster(name: string, entry: Entry): NamedCluster {
  return {
    name,
    server: needText(entry, 'server').replace(/\/$/, ''),
    proxyUrl: readText(entry, 'proxy-url'),
    caFile: readPath(entry, 'certificate-authority'),
    caData: readText(entry, 'certificate-authority-data'),
    skipTlsVerify: get(entry.value, 'insecure-skip-tls-verify') === true,
    tlsServerName: readText(entry, 'tls-server-name'),
  }
}

function readUser(entry: Entry): User {
  return {
    certFile: readPath(entry, 'client-certificate'),
    certData: readText(entry, 'client-certificate-data'),
    keyFile: readPath(entry, 'client-key'),
    keyData: readText(entry, 'client-key-data'),
    token: readText(entry, 'token'),
    tokenFile: readPath(entry, 'tokenFile'),
    username: readText(entry, 'username'),
    password: readText(entry, 'password'),
    impersonate: readImpersonate(entry),
    plugin: readPlugin(entry),
  }
}

/** To be taken for somebody else; a group or a uid alone is nobody. */
function readImpersonate(entry: Entry): Impersonate | undefined {
  const uid = readText(entry, 'as-uid')
  const listed = get(entry.value, 'as-groups')
  const groups = Array.isArray(listed) ? listed.map(String) : []
  if (readText(entry, 'as') === undefined && uid === undefined && groups.length === 0) return undefined
  return { user: needText(entry, 'as'), uid, groups }
}

function readPlugin(entry: Entry): Plugin | undefined {
  const exec = get(entry.value, 'exec')
  const authProvider = get(entry.value, 'auth-provider')
  if (!exec && !authProvider) return undefined
  const command = getString(exec, 'command')
  // As kubectl: a path is relative to the file, and a name is looked for in PATH.
  if (command === undefined || command === basename(command)) return { exec, authProvider }
  return { exec: { ...Object(exec), command: resolve(entry, command) }, authProvider }
}

/** Paths in a kubeconfig are relative to it. */
function readPath(entry: Entry, key: string): string | undefined {
  const path = readText(entry, key)
  return path === undefined ? undefined : resolve(entry, path)
}

function resolve({ file }: Entry, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}
