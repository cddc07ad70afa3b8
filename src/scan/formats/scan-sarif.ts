import { Fingerprints } from '../../report/formats/fingerprints.ts'
import { WAITING_LINK } from '../../report/formats/links.ts'
import { RULES, toRule } from '../../report/formats/sarif.ts'
import { type Sarif, type SarifResult, writeSarifLog } from '../../report/formats/sarif-log.ts'
import type { Level } from '../../report/level.ts'
import { cutVisible } from '../../runtime/visible.ts'
import type { Scan, Workload } from '../scan.ts'

/** Characters of what is said of one object: a name that a Pod lists may be anything. */
const MAX_MESSAGE_LENGTH = 2000
/** Characters of a part of a location: no name that the API server takes is longer. */
const MAX_NAME_LENGTH = 253

/** Pods that wait though nothing is wrong with their pull secrets: the only code that `check` cannot have. */
const WAITING = toRule('Waiting', WAITING_LINK, {
  reason: 'Pods wait for an image',
  help: [
    'Pods of it wait for an image, though nothing is wrong with their pull secrets.',
    '`regcred why` says what the node said of one.',
  ],
})

const RANK = { error: 0, warning: 1, note: 2 } as const satisfies Record<Level, number>

/**
 * Writes what is wrong as SARIF 2.1.0: a result for each cause and workload, at a logical location `namespace/kind/name`, with a
 * fingerprint of code, object and Secret; what could not be read is a notification of the run.
 *
 * @param version of regcred
 */
export function writeScanSarif({ namespaces, notRead, remarks }: Scan, version: string): Sarif {
  const fingerprints = new Fingerprints()
  const found = namespaces.flatMap(({ namespace, causes, unexplained }) => [
    ...causes.flatMap(({ level, code, secret = '', problem, advice, workloads }) => {
      const text = advice === '' ? problem : `${problem}; ${advice}`
      // A Secret, or the Namespace itself.
      const objects = workloads.length > 0 ? workloads : [secretOf(secret)]
      return objects.map(object => ({ level, code, secret, text, namespace, object }))
    }),
    ...unexplained.map(object => ({ level: 'error' as const, code: 'Waiting', ...waiting, namespace, object })),
  ])
  const results = found
    .sort((a, b) => RANK[a.level] - RANK[b.level])
    .map(({ level, code, secret, text, namespace, object: { kind, name } }): SarifResult => {
      return {
        ...{ level, code, message: cutVisible(`${titleOf(namespace, kind, name)}: ${text}`, MAX_MESSAGE_LENGTH) },
        locations: locate([namespace, kind, name]),
        fingerprint: fingerprints.of({ identity: [code, namespace, kind, name, secret] }),
      }
    })
  const faults = [
    ...notRead.map(({ namespace, reason }) => ({ message: `${namespace}: ${reason}`, locations: locate([namespace]) })),
    ...remarks.map(message => ({ message, locations: undefined })),
  ].map(({ message, locations }) => ({ message: cutVisible(message, MAX_MESSAGE_LENGTH), locations }))
  return writeSarifLog({ rules: [...RULES, WAITING], results, faults }, version)
}

const waiting = { secret: '', text: 'its Pods wait for an image, though nothing is wrong with their pull secrets' }

function titleOf(namespace: string, kind: string, name: string): string {
  return kind === '' ? `Namespace ${namespace}` : `${kind} ${name} in namespace ${namespace}`
}

function secretOf(secret: string): Pick<Workload, 'kind' | 'name'> {
  return secret === '' ? { kind: '', name: '' } : { kind: 'Secret', name: secret }
}

/** There is no file: GitHub wants one all the same, and shows its path, so that is what the object is called. */
function locate(path: readonly string[]) {
  const parts = path.filter(part => part !== '').map(part => cutVisible(part, MAX_NAME_LENGTH))
  const [name, fullyQualifiedName] = [parts.at(-1), parts.join('/')]
  const uri = parts.map(encodeURIComponent).join('/')
  const kind = parts.length > 1 ? 'resource' : 'namespace'
  return [
    {
      physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
      logicalLocations: [{ name, fullyQualifiedName, kind }],
    },
  ]
}
