import type { Conclusions } from './conclusions.ts'
import type { Login, Mirrors } from './statement.ts'

/** Characters of a mirror for which credentials are looked for, part by part. */
const MAX_MIRROR_LENGTH = 1000

/**
 * What follows from mirror sets of OpenShift. CRI-O sends a Pod's credentials to no mirror on another host, so a pull secret breaks
 * nothing; it is only not needed where all images of a registry are pulled from mirrors to which the node logs in.
 *
 * @see github.com/containers/image, docker/docker_image_src.go
 */
export function ofMirrorSets(
  sets: readonly Mirrors[],
  logins: ReadonlyMap<string, Login>,
  conclusions: Conclusions,
): void {
  for (const [source = '', rules] of Map.groupBy(sets, ({ registry }) => registry)) {
    const found = rules.map(rule => ({ rule, login: findAny(rule, logins) }))
    const kinds = new Set(found.flatMap(({ rule, login }) => (login === undefined ? [] : [rule.images])))
    for (const { rule, login } of found) {
      const by = rule.images === 'digests' ? 'digest' : 'tag'
      if (login === undefined)
        conclusions.remark(rule, `no credentials for the mirrors of ${conclusions.show(source)} ${MISSING}`)
      else if (kinds.size > 1) conclusions.entry(rule, source, `images by ${by} are ${pulled(login, conclusions)}`)
      else {
        const message = `images of ${conclusions.show(source)} by ${by} alone are ${pulled(login, conclusions)}; no pull secret breaks that. List it under registries.node if no other image of it is used`
        conclusions.remark(rule, message)
      }
    }
  }
}

const MISSING = 'are in these files; those of the nodes are in /var/lib/kubelet/config.json, the global pull secret'

function pulled(login: Login, conclusions: Conclusions): string {
  return `pulled from a mirror for which ${conclusions.place(login)} has credentials`
}

function findAny({ mirrors }: Mirrors, logins: ReadonlyMap<string, Login>): Login | undefined {
  return mirrors.map(({ registry }) => findLogin(registry, logins)).find(login => login !== undefined)
}

/** Credentials for a registry, or for a part of it that the mirror is in. */
function findLogin(mirror: string, logins: ReadonlyMap<string, Login>): Login | undefined {
  for (
    let at = mirror.length > MAX_MIRROR_LENGTH ? '' : mirror;
    at !== '';
    at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))
  ) {
    const login = logins.get(at)
    if (login !== undefined) return login
  }
  return undefined
}
