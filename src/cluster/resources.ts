import type { Namespace, ServiceAccount } from '../policy/facts.ts'
import { DOCKER_CONFIG_JSON_TYPE, DOCKERCFG_TYPE, type SecretReading } from '../registry/secret.ts'
import type { Resource } from './follow.ts'
import { stripNamespace, stripSecret, stripServiceAccount } from './strip.ts'

/** The field selectors of the two types of pull secrets: no other Secret is ever asked for with its contents. */
export const DOCKER_CONFIG_JSON = `type=${DOCKER_CONFIG_JSON_TYPE}`
export const DOCKER_CFG = `type=${DOCKERCFG_TYPE}`

/** What is followed of a cluster; the names stand in logs and metrics. */
export const dockerConfigJson: Resource<SecretReading> = {
  name: 'secrets.dockerconfigjson',
  path: '/api/v1/secrets',
  fieldSelector: DOCKER_CONFIG_JSON,
  strip: stripSecret,
}
export const dockerCfg: Resource<SecretReading> = {
  name: 'secrets.dockercfg',
  path: '/api/v1/secrets',
  fieldSelector: DOCKER_CFG,
  strip: stripSecret,
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
