import { basename } from 'node:path'
import type { OtherKind } from './found.ts'

/** What a document is that is not a Kubernetes object, as far as it can be told. */
export function recogniseOther(file: string, value: unknown): OtherKind {
  if (value === undefined || value === null) return 'empty'
  if (typeof value !== 'object' || Array.isArray(value)) return 'document'
  const keys = new Set(Object.keys(value))
  if (DOCKER_CONFIG_KEYS.some(key => keys.has(key)) || isDockercfg(value)) return 'dockerConfig'
  if (keys.has('apiVersion') && keys.has('name') && keys.has('version')) return 'chart'
  return isKustomization(file) ? 'kustomization' : 'document'
}

/** Whether it is what kustomize is told by, which kubectl does not send to a cluster. */
export function isKustomization(file: string, apiVersion = ''): boolean {
  return apiVersion.startsWith('kustomize.config.k8s.io/') || /^kustomization(\.ya?ml)?$/i.test(basename(file))
}

const DOCKER_CONFIG_KEYS = ['auths', 'credsStore', 'credHelpers']

/** The older form: registries at the top, each with its credentials. */
function isDockercfg(value: object): boolean {
  const entries = Object.values(value)
  return entries.length > 0 && entries.every(entry => Object.hasOwn(Object(entry), 'auth'))
}
