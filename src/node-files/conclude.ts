import { Conclusions } from './conclusions.ts'
import { ofMirrorSets } from './cri-o.ts'
import type { Login, Mirrors, Provider, Statement } from './statement.ts'

/** The registry to which containerd logs in for images of `docker.io`, and the names by which people look for it in vain. */
const HUB_HOST = 'registry-1.docker.io'
const HUB_NAMES: readonly string[] = ['docker.io', 'index.docker.io', 'hub.docker.com']

/**
 * What follows for `registries.node` from what the files of a node say.
 *
 * | the files say                                               | entry                         |
 * | ----------------------------------------------------------- | ----------------------------- |
 * | a credential provider is asked for images                   | its pattern                   |
 * | the kubelet's docker config, or containerd, has credentials | that registry                 |
 * | containerd has credentials for a mirror of a registry       | that registry as well: a pull secret for it would be sent to the mirror in their place |
 * | a mirror is sent a header                                   | none: a pull secret is not sent to who accepts the header |
 * | CRI-O pulls from a mirror to which it logs in               | the registry, if all of its images are pulled from there |
 */
export function conclude(statements: readonly Statement[]): Conclusions {
  const conclusions = new Conclusions()
  const logins = statements.filter(statement => statement.says === 'login')
  const loginsOf = (who: Login['by']) =>
    new Map(logins.filter(({ by }) => by === who).map(login => [login.registry, login]))
  const containerd = loginsOf('containerd')
  for (const statement of statements) {
    if (statement.says === 'provider') ofProvider(statement, conclusions)
    else if (statement.says === 'login') ofLogin(statement, conclusions)
    else if (statement.says === 'remark') conclusions.remark(statement, statement.message)
    else if (statement.by === 'containerd') ofMirrors(statement, containerd, conclusions)
  }
  const sets = statements.filter(statement => statement.says === 'mirrors').filter(({ by }) => by === 'CRI-O')
  ofMirrorSets(sets, loginsOf('kubelet'), conclusions)
  return conclusions
}

/** What the kubelet compares otherwise than regcred: its path is the beginning of a text, and capitals count. */
function ofProvider(provider: Provider, conclusions: Conclusions): void {
  const { matchImage, name, annotations } = provider
  const pattern = matchImage.replace(/\/+$/, '')
  const who = `credential provider ${conclusions.show(name)}`
  if (/[A-Z]/.test(pattern)) {
    const message = `${who}: the kubelet compares ${conclusions.show(pattern)} with its capitals, which an image has not`
    conclusions.remark(provider, message)
    return
  }
  const longer =
    pattern.includes('/') && !matchImage.endsWith('/')
      ? `; the kubelet asks it for every image whose name begins so, regcred takes whole parts of the path`
      : ''
  conclusions.entry(provider, pattern, `${who}${longer}`, annotations)
}

function ofLogin(login: Login, conclusions: Conclusions): void {
  const { registry, by } = login
  if (by === 'containerd' && HUB_NAMES.includes(registry)) {
    conclusions.remark(
      login,
      `containerd sends credentials to ${HUB_HOST} for Docker Hub; those for ${registry} are not used`,
    )
    return
  }
  const pattern = by === 'containerd' && registry === HUB_HOST ? 'docker.io' : registry
  conclusions.entry(
    login,
    pattern,
    `the ${by === 'kubelet' ? "kubelet's docker config" : 'node'} has credentials for it`,
  )
}

function ofMirrors(statement: Mirrors, logins: ReadonlyMap<string, Login>, conclusions: Conclusions): void {
  const { registry } = statement
  for (const { registry: mirror, header } of statement.mirrors) {
    const shown = conclusions.show(mirror)
    const login = logins.get(mirror)
    const what = registry === undefined ? 'a registry' : conclusions.show(registry)
    if (header) {
      const message = `${shown} is sent a header, so no pull secret breaks it, and no entry is needed; list ${what} under registries.node if its images need no pull secret`
      conclusions.remark(statement, message)
    } else if (login === undefined) {
      const message = `no credentials for ${shown} are in these files; if the node has some (in containerd's config.toml), give that file too`
      if (!isItself(registry, mirror)) conclusions.remark(statement, message)
    } else if (registry === undefined) {
      const message = `every other registry is pulled from ${shown}, for which ${conclusions.place(login)} has credentials, and no pattern says that; list under registries.node the registries that your Pods use`
      conclusions.remark(statement, message)
    } else {
      const why = `pulled from ${shown}, for which ${conclusions.place(login)} has credentials; a pull secret would be sent in their place`
      conclusions.entry(statement, registry, why)
    }
  }
}

/** Whether a mirror is the registry itself, which may stand last in the list. */
function isItself(registry: string | undefined, mirror: string): boolean {
  return registry === mirror || (registry === 'docker.io' && mirror === HUB_HOST)
}
