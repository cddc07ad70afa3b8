import type { ConnectionOptions } from 'node:tls'
import { readSmallFile } from '../../runtime/read-small-file.ts'
import type { openPlugin, Plugin } from './plugin.ts'
import { nameOfPlugin } from './plugin-name.ts'

/** Where an API server is, and who we are there: the current context of a kubeconfig, or of a Pod. */
export interface KubeConfig {
  /** E.g. `https://10.0.0.1:443`; with a path for proxies such as Rancher's. */
  readonly server: string
  readonly proxyUrl: string | undefined
  /** Who else is asked for them, for people: an exec plugin or an identity provider. */
  readonly asks?: string
  /** Reads them again each time, since files rotate and tokens end. Rejects where a file or a plugin fails. */
  credentials(): Promise<Credentials>
}

/** What a request needs to be ours; holds a token, so it lives as long as the request. */
export interface Credentials {
  readonly tls: Tls
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

export type Tls = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>

/** What a kubeconfig says of a cluster; of PEM data in base64 and a file, the data counts. */
export interface Cluster {
  readonly server: string
  readonly proxyUrl?: string | undefined
  readonly caFile?: string | undefined
  readonly caData?: string | undefined
  readonly skipTlsVerify?: boolean | undefined
  readonly tlsServerName?: string | undefined
}

/** What a kubeconfig says of a user. */
export interface User {
  readonly certFile?: string | undefined
  readonly certData?: string | undefined
  readonly keyFile?: string | undefined
  readonly keyData?: string | undefined
  readonly token?: string | undefined
  /** Counts more than `token`. */
  readonly tokenFile?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly impersonate?: Impersonate | undefined
  readonly plugin?: Plugin | undefined
}

/** For whom we ask to be taken. */
export interface Impersonate {
  readonly user: string
  readonly uid?: string | undefined
  readonly groups: readonly string[]
}

/**
 * Puts a cluster and a user together.
 *
 * | the user has               | sent is                             | read by                  |
 * | -------------------------- | ----------------------------------- | ------------------------ |
 * | tokenFile, else token      | the token                           | us, a file each time     |
 * | username, and none of both | name and password                   | us                       |
 * | client certificate         | the certificate, beside the others  | us, a file each time     |
 * | exec or auth-provider      | what that gives, where none of ours | client-node, loaded then |
 */
export function openKubeConfig(cluster: Cluster, user: User): KubeConfig {
  const { server, proxyUrl } = cluster
  const ask = user.plugin === undefined ? undefined : askPlugin(user.plugin)
  return {
    server,
    proxyUrl,
    ...(user.plugin !== undefined && { asks: nameOfPlugin(user.plugin.exec) }),
    async credentials() {
      const [tls, headers, given] = await Promise.all([readTls(cluster, user), readHeaders(user), ask?.()])
      return { tls: { ...tls, ...given?.tls }, headers: { ...given?.headers, ...headers } }
    },
  }
}

/** Loads what knows plugins when it is first asked: docs/adr/0008-what-a-start-costs.md. It remembers what a plugin gave. */
function askPlugin(plugin: Plugin): ReturnType<typeof openPlugin> {
  let opened: Promise<ReturnType<typeof openPlugin>> | undefined
  return async () => {
    opened ??= import('./plugin.ts').then(({ openPlugin }) => openPlugin(plugin))
    return await (await opened)()
  }
}

async function readTls(cluster: Cluster, user: User): Promise<Tls> {
  const [ca, cert, key] = await Promise.all([
    readPem(cluster.caFile, cluster.caData),
    readPem(user.certFile, user.certData),
    readPem(user.keyFile, user.keyData),
  ])
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster.skipTlsVerify && { rejectUnauthorized: false }),
    ...(cluster.tlsServerName !== undefined && { servername: cluster.tlsServerName }),
  }
}

async function readPem(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64')
  return file === undefined ? undefined : await readSmallFile(file)
}

async function readHeaders(user: User): Promise<Credentials['headers']> {
  const authorization = await readAuthorization(user)
  const { impersonate } = user
  return {
    ...(authorization !== undefined && { Authorization: authorization }),
    ...(impersonate && { 'Impersonate-User': impersonate.user }),
    ...(impersonate?.uid && { 'Impersonate-Uid': impersonate.uid }),
    ...(impersonate?.groups.length && { 'Impersonate-Group': impersonate.groups }),
  }
}

async function readAuthorization({ token, tokenFile, username, password }: User): Promise<string | undefined> {
  if (tokenFile !== undefined) return `Bearer ${await readToken(tokenFile)}`
  if (token !== undefined) return `Bearer ${token.trim()}`
  if (username === undefined) return undefined
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
}

/** A token file often ends in a line break, which a header may not. */
async function readToken(file: string): Promise<string> {
  const token = (await readSmallFile(file)).toString().trim()
  if (token === '') throw new Error(`${file} is empty`)
  return token
}
