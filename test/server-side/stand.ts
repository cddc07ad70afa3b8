import type { Test } from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import { writeKubeconfig } from '../commands/ask/asked-cluster.ts'
import { runCommand, transcriptOf } from '../commands/ask/run-command.ts'
import { type Exchange, FakeApiServer } from '../kube/fake-api-server.ts'

/** What was sent to be created. */
export interface Sent {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly name: string
  readonly image: string
  readonly object: unknown
}

/** What the API server answers: warnings, or a Status. */
export type Answer =
  | { readonly warnings: readonly string[] }
  | {
      readonly status: number
      readonly reason?: string
      readonly message: string
      readonly warnings?: readonly string[]
    }
  | 'silent'
  | 'cut'

export const CREATED = { warnings: [] }

/** A `Warning` header, as an API server writes it. */
const header = (text: string) => Buffer.from(`299 - "${text.replaceAll(/["\\]/g, '\\$&')}"`).toString('latin1')

const RESOURCES: Readonly<Record<string, readonly object[]>> = {
  '/api/v1': [
    { kind: 'Pod', name: 'pods' },
    { kind: 'Pod', name: 'pods/status' },
    { kind: 'Secret', name: 'secrets' },
    { kind: 'PodTemplate', name: 'podtemplates' },
  ],
  '/apis/apps/v1': [{ kind: 'Deployment', name: 'deployments' }],
  '/apis/argoproj.io/v1alpha1': [{ kind: 'Rollout', name: 'rollouts' }],
}

const read = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((at, key) => Object(at)[key], value)

async function readSent({ path, query, body }: Exchange): Promise<Sent> {
  const object = await body
  const spec = read(object, 'spec', 'template', 'spec') ?? read(object, 'spec')
  const image = String(read(spec, 'containers', 0, 'image'))
  return { path, query, object, name: String(read(object, 'metadata', 'name')), image }
}

/** Whether it is sent to find out whether regcred says anything. */
export const isProbe = ({ image }: Sent) => image === 'Registry.invalid/NO'

/** What regcred says of a probe. */
function warnOfProbe({ object, name }: Sent): Answer {
  const problem = 'image "Registry.invalid/NO" of container "web" is not a valid image name (uppercase)'
  return { warnings: [`${read(object, 'kind')} ${name}: ${problem}; write "registry.invalid/no"`] }
}

export interface Stand {
  readonly kubeconfig: string
  readonly sent: Sent[]
  /** Everything that was asked, e.g. `POST /api/v1/namespaces/a/pods`. */
  readonly asked: string[]
  readonly exchanges: Exchange[]
}

/**
 * Starts a cluster that answers dry runs.
 *
 * @param answer of what is sent; a probe is answered as regcred would, unless it answers that too
 */
export async function standIn(
  t: Test,
  answer: (sent: Sent, number: number) => Answer | undefined,
  refuses: (exchange: Exchange) => Answer | undefined = () => undefined,
): Promise<Stand> {
  const server = await FakeApiServer.start()
  t.teardown(() => server.stop())
  const stand = { sent: [] as Sent[], asked: [] as string[], exchanges: [] as Exchange[] }
  const reply = async (exchange: Exchange) => {
    const { method, path } = exchange
    stand.asked.push(`${method} ${path}`)
    stand.exchanges.push(exchange)
    const early = refuses(exchange)
    if (early !== undefined) respond(exchange, early)
    else if (method === 'GET') {
      const resources = RESOURCES[path]
      if (resources === undefined) exchange.status(404, 'NotFound')
      else exchange.json({ resources })
    } else {
      const sent = await readSent(exchange)
      stand.sent.push(sent)
      respond(exchange, answer(sent, stand.sent.length) ?? (isProbe(sent) ? warnOfProbe(sent) : CREATED))
    }
  }
  const replyAll = async () => {
    for (;;) void reply(await server.next())
  }
  void replyAll()
  return { ...stand, kubeconfig: writeKubeconfig(t.testdir({}), server.port, 'team-a') }
}

function respond(exchange: Exchange, answer: Answer): void {
  if (answer === 'cut') exchange.cut()
  if (answer === 'silent' || answer === 'cut') return
  const warnings = (answer.warnings ?? []).map(header)
  const headers: object = warnings.length === 0 ? {} : { Warning: warnings }
  const { status, reason, message } = 'status' in answer ? answer : { status: 201, reason: undefined, message: '' }
  exchange.json({ kind: 'Status', code: status, reason, message }, status, { ...headers })
}

/** Runs `regcred check --server-side` of this text on standard input. */
export async function check(t: Test, stand: Stand, input: string, ...args: readonly string[]) {
  const all = ['-', '--server-side', ...args]
  const said = await runCommand(checkCommand, [...all, '--kubeconfig', stand.kubeconfig], input)
  const err = said.err.replace(/^regcred: The cluster "c" is reached without TLS.*\n/m, '')
  t.notMatch(`${said.out}${said.err}`, 'hunter2')
  return { ...said, err, transcript: transcriptOf(`regcred check ${all.join(' ')}`, said) }
}
