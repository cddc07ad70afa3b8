/** Many pull secrets, made when they are asked for: they would not fit into the memory of the test either. */
export interface Crowd {
  readonly name: string
  readonly count: number
  secret(index: number): { readonly metadata: object; readonly [field: string]: unknown }
}

const MEGABYTE = 1024 * 1024
/** A megabyte of docker config in one Secret, which the API server takes in base64. */
const CONTENT = Math.floor(MEGABYTE * 0.98)

/** Ordinary ones, ten to a namespace, for fifty registries. */
export const ordinary: Crowd = {
  name: '100,000 pull secrets in 10,000 namespaces',
  count: 100_000,
  secret: index => secretOf(`pull-secret-${index % 10}`, `team-${Math.floor(index / 10)}`, index, entry(index % 50)),
}

/** The same, and no two of them have a registry in common. */
export const different: Crowd = {
  name: '100,000 pull secrets for as many registries',
  count: 100_000,
  secret: index => secretOf(`pull-secret-${index}`, `team-${Math.floor(index / 10)}`, index, entry(index)),
}

/** As large as the API server takes them, with one entry. */
export const large: Crowd = {
  name: '500 pull secrets of 1 MB, one entry each',
  count: 500,
  secret: index => {
    const filler = { email: `${index}`.padEnd(CONTENT, 'x') }
    return secretOf(`large-${index}`, 'team-a', index, { [host(index)]: { ...credentials(index), ...filler } })
  },
}

/** As large, with as many entries as there is room for. */
export const crowded: Crowd = {
  name: '500 pull secrets of 1 MB, 9,000 entries each',
  count: 500,
  secret: index => {
    const entries = Array.from({ length: 9000 }, (_, number) => [`${number}.${host(index)}`, credentials(number)])
    return secretOf(`crowded-${index}`, 'team-a', index, Object.fromEntries(entries))
  },
}

function secretOf(name: string, namespace: string, index: number, auths: object): ReturnType<Crowd['secret']> {
  const config = Buffer.from(JSON.stringify({ auths })).toString('base64')
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${index}`,
      resourceVersion: `${index + 1}`,
      managedFields: [{ manager: 'x' }],
    },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': config },
  }
}

function host(index: number): string {
  return `registry-${index}.example.com`
}

function entry(index: number): object {
  return { [host(index)]: credentials(index) }
}

function credentials(index: number): { readonly username: string; readonly password: string; readonly auth: string } {
  const password = `opensesame-${index}`
  return { username: 'robot', password, auth: Buffer.from(`robot:${password}`).toString('base64') }
}
