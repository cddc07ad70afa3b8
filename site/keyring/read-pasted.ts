import { loadAll } from 'js-yaml'
import { readConfigRows } from '../../src/inspection/config-rows.ts'
import { get, getItems, getString, getText, strings } from '../../src/kube/untyped.ts'
import { decodeBase64 } from '../../src/kubelet/go/base64.ts'
import { decodeUtf8, encodeUtf8 } from '../../src/kubelet/go/utf8.ts'
import type { SecretObject } from '../../src/kubelet/secret.ts'
import { nameFirst } from '../../src/runtime/count.ts'
import { cutVisible, visible } from '../../src/runtime/visible.ts'

/** What was pasted. It holds passwords, and lives until it has been looked at. */
export type Pasted = ReadPasted | { readonly ok: false; readonly problem: string }

export interface ReadPasted {
  readonly ok: true
  /** What it was taken for, as a sentence. */
  readonly told: string
  /** In the order in which they stand there. */
  readonly secrets: readonly PastedSecret[]
}

/** A Secret as the API has it: `stringData` is in its `data`. */
export interface PastedSecret extends SecretObject {
  readonly type: string
  readonly data: Record<string, string>
  readonly namespace: string
}

/** Characters that are read. Kubernetes stores no Secret of more than 1 MiB, which is a third more in base64. */
const MAX_PASTED_LENGTH = 4 * 1024 * 1024
/** Secrets that are read; a Pod names a few. */
const MAX_SECRETS = 100
/** Depth of YAML, and aliases of a document. */
const YAML_LIMITS = { maxDepth: 100, maxAliases: 100, maxTotalMergeKeys: 1000 }
/** Kinds that are named where there is no Secret. */
const MAX_NAMED = 3
/** Characters of a kind, or of a name. */
const MAX_NAME_LENGTH = 100

/** The name of the Secret that a docker config is looked at in: that of the walkthrough of Kubernetes. */
const USUAL_NAME = 'regcred'

/**
 * Reads what was pasted.
 *
 * | the text                         | is taken for                      |
 * | -------------------------------- | --------------------------------- |
 * | JSON with a `kind`               | objects of Kubernetes             |
 * | anything else that begins with `{` | a docker config                 |
 * | base64 of one of these           | what is in it                     |
 * | any other                        | YAML with objects of Kubernetes   |
 */
export function readPasted(text: string): Pasted {
  if (text.length > MAX_PASTED_LENGTH) {
    return fail(
      'this is more than 4 MiB, which this page does not read; Kubernetes stores no Secret of more than 1 MiB',
    )
  }
  const written = text.replace(/^\ufeff/, '').trim()
  return readJson(encodeUtf8(written), written) ?? readEncoded(written) ?? readYaml(written)
}

/** @param bytes a string of bytes, as the kubelet reads it */
function readJson(bytes: string, text: string): Pasted | undefined {
  if (!text.startsWith('{')) return undefined
  const object = parseJson(text)
  if (getString(object, 'kind') !== undefined) return readObjects([object])
  // Several in one file, as YAML has them.
  if (object === undefined && SEPARATOR.test(text)) return undefined
  return readDockerConfig(bytes, hasAuths(object))
}

const SEPARATOR = /^---\s*$/m

/** Whether it has the field that today's docker configs have; Go finds it in capitals too. */
function hasAuths(object: unknown): boolean {
  return Object.keys(Object(object)).some(name => name.toLowerCase() === 'auths')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Of its error, which quotes the text, nothing is needed: the kubelet's own reader says what is wrong.
    return undefined
  }
}

function readEncoded(text: string): Pasted | undefined {
  const bytes = decodeBase64(text.replaceAll(' ', '').replaceAll('\t', ''))
  if (bytes === undefined) return undefined
  const read = readJson(bytes, decodeUtf8(bytes).trim())
  return read?.ok ? { ...read, told: `Base64, in which there is this: ${read.told}` } : read
}

function readDockerConfig(bytes: string, isToday: boolean): Pasted {
  const isOld = !isToday && readConfigRows('dockercfg', bytes).rows.some(({ user }) => user !== '')
  const format = isOld ? 'dockercfg' : 'dockerconfigjson'
  const secret = {
    metadata: { name: USUAL_NAME },
    type: `kubernetes.io/${format}`,
    data: { [`.${format}`]: btoa(bytes) },
    namespace: '',
  }
  return { ok: true, told: `A docker config, looked at as if it were in a Secret "${USUAL_NAME}".`, secrets: [secret] }
}

function readYaml(text: string): Pasted {
  try {
    return readObjects(loadAll(text, { json: true, ...YAML_LIMITS }))
  } catch (error) {
    // Its own words may quote what stands there.
    const line = Number(get(error, 'mark', 'line')) + 1
    return fail(`this is no docker config, and cannot be read as YAML (line ${line})`)
  }
}

function readObjects(documents: readonly unknown[]): Pasted {
  const objects = documents.flatMap(document =>
    getText(document, 'kind').endsWith('List') ? getItems(document, 'items') : [document],
  )
  const secrets = objects.filter(object => getString(object, 'kind') === 'Secret')
  if (secrets.length === 0) return fail(tellKinds(objects.map(object => getText(object, 'kind'))))
  if (secrets.length > MAX_SECRETS) return fail(`these are ${secrets.length} Secrets; paste at most ${MAX_SECRETS}`)
  const read = secrets.map(toSecret)
  const namespaces = new Set(read.map(({ namespace }) => namespace))
  const apart = namespaces.size > 1 ? ' They are of several namespaces, and a Pod can use only those of its own.' : ''
  const several = 'Secrets, looked at as if a Pod listed them in this order in its imagePullSecrets.'
  return { ok: true, told: read.length === 1 ? 'A Secret.' : `${read.length} ${several}${apart}`, secrets: read }
}

function tellKinds(kinds: readonly string[]): string {
  const known = [...new Set(kinds)].filter(kind => kind !== '').map(kind => cutVisible(kind, MAX_NAME_LENGTH))
  const only = known.length === 0 ? '' : `, only ${nameFirst(known.slice(0, MAX_NAMED), known.length)}`
  return `there is no docker config and no Secret in this${only}`
}

/** What is not a text is not there: the API server would not take it. */
function toSecret(object: unknown): PastedSecret {
  const encoded = strings(get(object, 'data'))
  const plain = strings(get(object, 'stringData'))
  const written = Object.entries(plain).map(([key, text]): [string, string] => [key, btoa(encodeUtf8(text))])
  const type = getString(object, 'type') || 'Opaque'
  const annotations = strings(get(object, 'metadata', 'annotations'))
  return {
    metadata: { name: visible(getText(object, 'metadata', 'name')) || '(no name)', annotations },
    type,
    data: { ...encoded, ...Object.fromEntries(written) },
    namespace: getText(object, 'metadata', 'namespace'),
  }
}

function fail(problem: string): Pasted {
  return { ok: false, problem }
}
