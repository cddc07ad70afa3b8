import type { ApiError } from '../kube/api-error.ts'
import { CommandError } from '../runtime/command-error.ts'

/** What was asked of whom, for people. */
export interface Question {
  /** The URL of the API server, as the kubeconfig has it. */
  readonly server: string
  readonly verb: 'get' | 'list' | 'create'
  /** E.g. `secrets`. */
  readonly resource: string
  /** {@link EVERYWHERE} where it was not asked in one. */
  readonly namespace: string
  /** Milliseconds that it may take. */
  readonly timeout: number
}

/** No namespace has this name. */
export const EVERYWHERE = ''

/** The cluster did not answer a question: one sentence that says why and what to do. Nothing of an answer is in it. */
export class AskError extends CommandError {
  /** Who asks may not read this; other things may be answered all the same. */
  readonly isForbidden: boolean

  constructor(failure: ApiError, question: Question) {
    super(tellFailure(failure, question))
    this.isForbidden = failure.status === 403
  }
}

/**
 * | what happened                            | what to do                                  |
 * | ---------------------------------------- | ------------------------------------------- |
 * | no answer in time                        | wait longer                                 |
 * | no connection                            | look at the context; at the CA of the server |
 * | no credentials, by a plugin or a file    | another user or context                     |
 * | 401                                      | log in again                                |
 * | 403                                      | ask for the right                           |
 * | 404 of something else than an API server, or no JSON | correct the server              |
 * | 410: the list has changed                | try again                                   |
 * | 429                                      | try again later                             |
 * | any other error                          | try again                                   |
 */
function tellFailure(failure: ApiError, { server, verb, resource, namespace, timeout }: Question): string {
  const at = withoutUser(server)
  const { status, reason, message } = failure
  switch (failure.code) {
    case 'silent':
      return `the API server ${at} did not answer within ${timeout / 1000} s; try again, or wait longer: --request-timeout 60s`
    case 'unreachable':
      return CERTIFICATE.test(reason ?? '')
        ? `the certificate of the API server ${at} is not trusted (${reason}); correct certificate-authority-data in the kubeconfig`
        : `the API server ${at} cannot be reached${inBrackets(reason)}; is it running, and is it the one that you mean? kubectl config get-contexts`
    case 'credentials':
      return `${message.charAt(0).toLowerCase()}${message.slice(1, -1)}; correct the user in the kubeconfig, or choose another: --context NAME`
    case 'garbage':
      return `${at} does not answer as an API server does; correct the server in the kubeconfig`
    case 'tooLarge':
      return `the API server sent more ${resource} at once than can be read (16 MiB)`
    default:
      break
  }
  if (status === 401)
    return `the API server ${at} does not accept your credentials (401); log in again, then: kubectl auth whoami`
  if (status === 403 && namespace === EVERYWHERE)
    return `you may not ${verb} ${resource} of the whole cluster (403); ask whoever runs the cluster for it, or see: kubectl auth can-i --list`
  if (status === 403)
    return `you may not ${verb} ${resource} in namespace "${namespace}" (403); ask whoever runs the cluster for it, or see: kubectl auth can-i --list --namespace ${namespace}`
  if (status === 404)
    return `${at} has no ${resource} (404): it is not an API server, or too old; correct the server in the kubeconfig`
  const within = namespace === EVERYWHERE ? '' : ` of namespace "${namespace}"`
  if (status === 410) return `the ${resource}${within} changed while they were listed (410); try again`
  if (status === 429) return `the API server ${at} has too much to do (429); try again${inSeconds(failure.retryAfter)}`
  return `the API server ${at} has an error${inBrackets(status, reason)}; try again, or see: kubectl get --raw '/readyz?verbose'`
}

/** What TLS says of a certificate that it does not trust. */
const CERTIFICATE = /CERT|SIGNED|SIGNATURE/

/** The URL of an API server as it may be shown. */
export function withoutUser(server: string): string {
  const { origin, pathname } = new URL(server)
  return pathname === '/' ? origin : `${origin}${pathname}`
}

function inBrackets(...facts: readonly (string | number | undefined)[]): string {
  const known = facts.filter(fact => fact !== undefined)
  return known.length === 0 ? '' : ` (${known.join(', ')})`
}

function inSeconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? ' later' : ` in ${Math.ceil(milliseconds / 1000)} s`
}
