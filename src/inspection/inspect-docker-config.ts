import { createFromLogin } from '../advice/on-secrets.ts'
import { encodeUtf8 } from '../kubelet/go/utf8.ts'
import { faultOf } from '../policy/findings/reference.ts'
import { readSecretObject } from '../review/secret.ts'
import { readConfigRows } from './config-rows.ts'
import { inspectRows } from './inspect-rows.ts'
import { type Inspected, type InspectOptions, isEntryFine } from './inspected.ts'

/** The name that the walkthrough of Kubernetes gives a pull secret. */
const USUAL_NAME = 'regcred'

/** Inspects a docker config, such as `~/.docker/config.json`, as if a pull secret had been made of it. */
export function inspectDockerConfig(file: string, text: string, options: InspectOptions): Inspected {
  const content = encodeUtf8(text)
  const isOld = readConfigRows('dockerconfigjson', content).rows.length === 0
  const old = isOld ? readConfigRows('dockercfg', content) : undefined
  const isDockercfg = old?.rows.some(({ user }) => user !== '') === true
  const format = isDockercfg ? 'dockercfg' : 'dockerconfigjson'
  const config = readConfigRows(format, content)
  const { namespace, now } = options
  const place = { namespace, isFile: true }
  const [type, key] = [`kubernetes.io/${format}`, `.${format}`]
  const reading = readSecretObject({ metadata: { name: USUAL_NAME }, type, data: { [key]: btoa(content) } })
  const fault = reading && faultOf(reading)
  const broken = config.fault === undefined ? {} : { broken: 'Kubernetes cannot read this file' }
  const around = {
    secret: USUAL_NAME,
    place,
    ignored: [],
    now,
    ...broken,
    ...(config.store && { store: config.store }),
  }
  const entries = inspectRows(config, reading, around, options.image)
  const problem = fault === undefined ? undefined : `as a pull secret it ${fault.problem}`
  const isAnyWrong = fault !== undefined || !entries.every(isEntryFine)
  return {
    kind: 'docker config',
    name: file,
    namespace: '',
    entries,
    ...(problem !== undefined && { problem }),
    ...(isAnyWrong && { advice: [createFromLogin(USUAL_NAME, namespace).text] }),
    isUnread: false,
  }
}
