import type { Resource } from '../kube/resource.ts'
import { DOCKER_CONFIG_JSON_TYPE, DOCKERCFG_TYPE } from '../kubelet/secret.ts'
import type { Namespace, ServiceAccount } from '../policy/known.ts'
import type { StoredSecret } from './secret-store.ts'
import { stripNamespace, stripSecret, stripSecretMetadata, stripServiceAccount } from './strip.ts'

/** The field selectors of the two types of pull secrets: no other Secret is ever asked for with its contents. */
export const DOCKER_CONFIG_JSON = `type=${DOCKER_CONFIG_JSON_TYPE}`
export const DOCKER_CFG = `type=${DOCKERCFG_TYPE}`

/** How much of a pull secret is received. */
export type SecretExtent = 'contents' | 'names'

/** How pull secrets are asked for, and what is read of one. Metadata has no type: the field selector tells it. */
export interface SecretForm {
  readonly metadataOnly: boolean
  /** For the cache. */
  strip(object: unknown, name: string): StoredSecret
  /** For a live read. */
  stripLive(object: unknown, name: string): StoredSecret
}

/** Entries of a Secret that is held: a megabyte of them takes ten times the room of a thousand other Secrets. */
const MAX_HELD_ENTRIES = 250
/** Characters of their keys. */
const MAX_HELD_KEY_LENGTH = 32_768
/** Entries of a Secret that is read live: nobody needs more, and each costs the time of all. */
const MAX_READ_ENTRIES = 2500
/** Characters of their keys. */
const MAX_READ_KEY_LENGTH = 327_680

const held = { maxEntries: MAX_HELD_ENTRIES, maxKeyLength: MAX_HELD_KEY_LENGTH }
const read = { maxEntries: MAX_READ_ENTRIES, maxKeyLength: MAX_READ_KEY_LENGTH }

export const secretForms: Readonly<Record<SecretExtent, SecretForm>> = {
  contents: {
    metadataOnly: false,
    strip: (object, name) => stripSecret(object, name, held),
    stripLive: (object, name) => stripSecret(object, name, read),
  },
  names: { metadataOnly: true, strip: stripSecretMetadata, stripLive: stripSecretMetadata },
}

/** The resources that are cached, by the names that they have in logs and metrics. */
export function dockerConfigJson(form: SecretForm): Resource<StoredSecret> {
  return { name: 'secrets.dockerconfigjson', ...pullSecrets(DOCKER_CONFIG_JSON, form) }
}

export function dockerCfg(form: SecretForm): Resource<StoredSecret> {
  return { name: 'secrets.dockercfg', ...pullSecrets(DOCKER_CFG, form) }
}

export const serviceAccounts: Resource<ServiceAccount> = {
  name: 'serviceaccounts',
  path: '/api/v1/serviceaccounts',
  strip: stripServiceAccount,
}
export const namespaces: Resource<Namespace> = {
  name: 'namespaces',
  path: '/api/v1/namespaces',
  strip: stripNamespace,
}

function pullSecrets(fieldSelector: string, { metadataOnly, strip }: SecretForm): Omit<Resource<StoredSecret>, 'name'> {
  return { path: '/api/v1/secrets', fieldSelector, metadataOnly, strip }
}
