import type { Target } from '../../ask/resources.ts'
import type { Examined } from '../../diagnosis/examine.ts'
import type { FoundPods } from '../../diagnosis/find-pods.ts'
import { getString, getText } from '../../kube/untyped.ts'
import { writeAdvice } from '../../report/command-lines.ts'
import { hang } from '../../runtime/columns.ts'
import { count } from '../../runtime/count.ts'
import { writeSpan } from '../../runtime/duration.ts'
import type { Shown, Terminal } from '../../runtime/terminal.ts'

/** What was found out about an object. */
export interface Answer extends FoundPods {
  readonly target: Target
  readonly namespace: string
  readonly examined: readonly Examined[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Waiting containers that are told of: the others mostly wait for the same. */
const MAX_TOLD = 10

/** Writes an answer for people: of each container that waits what the node said, what was looked at, one cause and what mends it. */
export function writeWhy(answer: Answer, width: number, out: Terminal): readonly Shown[] {
  const { examined } = answer
  const [first] = examined
  if (first === undefined) return [out.line`${sayNothingWaits(answer)}`]
  const told = examined.slice(0, MAX_TOLD)
  const more = examined.length - told.length
  return [
    ...writeTitle(answer, first.waiting.reason, out),
    ...told.flatMap((one, i) => [...(i === 0 ? [] : [out.line``]), ...writeOne(one, answer, width, out)]),
    ...(more === 0
      ? []
      : [
          out.line``,
          out.line`${count(more, 'more container')} ${more === 1 ? 'waits' : 'wait'}; -o json has them all`,
        ]),
  ]
}

/** The same for programs. */
export function toJson({ target, namespace, pod, all, waiting, examined }: Answer): object {
  return {
    object: `${target.resource.kind}/${target.name}`,
    namespace,
    pod: getString(pod, 'metadata', 'name') ?? null,
    pods: { all, waiting },
    containers: examined.map(({ waiting: { container, image, reason }, error, at, diagnosis }) => ({
      container,
      image,
      reason,
      error: { kind: error.kind, said: error.said, at: writeTime(at) },
      ...diagnosis,
    })),
  }
}

function writeTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

function sayNothingWaits({ target, namespace, all }: Answer): string {
  const name = `${target.resource.kind} ${namespace}/${target.name}`
  if (target.resource.kind === 'Pod') return `${name} does not wait for an image.`
  if (all === 0) return `${name} has no Pods; what makes them says why: kubectl describe`
  const pods = all === 1 ? 'its only Pod does not wait' : `none of its ${all} Pods waits`
  return `${name}: ${pods} for an image.`
}

function writeTitle({ target, namespace, pod, all, waiting, now }: Answer, reason: string, out: Terminal): Shown[] {
  const name = getText(pod, 'metadata', 'name')
  const started = Date.parse(getText(pod, 'status', 'startTime'))
  const since = Number.isNaN(started) ? '' : ` for ${writeSpan(Math.max(0, now - started))}`
  const title = out.line`${out.paint('bold', `Pod ${namespace}/${name}`)} waits${since}: ${reason}`
  if (target.resource.kind === 'Pod') return [title]
  return [
    out.line`${out.paint('bold', `${target.resource.kind} ${target.name}`)}: ${waiting} of its ${count(all, 'Pod')} ${waiting === 1 ? 'waits' : 'wait'}`,
    title,
  ]
}

function writeOne({ waiting, error, at, diagnosis }: Examined, { now }: Answer, width: number, out: Terminal): Shown[] {
  const when = at === undefined ? '' : ` (${writeSpan(Math.max(0, now - at))} ago)`
  const facts = [
    `  ${waiting.isVolume ? 'volume   ' : 'container'}  ${waiting.container}`,
    `  image      ${waiting.image}`,
    `  node said  ${error.said}${when}`,
  ]
  return [
    ...facts.map(fact => out.line`${fact}`),
    out.line``,
    ...diagnosis.evidence.flatMap(({ isGood, text }) =>
      isGood ? writeSigned('✓', 'green', text, width, out) : writeSigned('✗', 'red', text, width, out),
    ),
    ...writeSigned('→', 'yellow', diagnosis.cause, width, out),
    ...diagnosis.next.flatMap(step => writeAdvice('    ', step, width, out)),
  ]
}

/** Behind a sign, with lines below one another. */
function writeSigned(
  sign: string,
  format: 'green' | 'red' | 'yellow',
  text: string,
  width: number,
  out: Terminal,
): Shown[] {
  return hang('    ', text, width).map((line, i) =>
    i === 0 ? out.line`  ${out.paint(format, sign)} ${line.trimStart()}` : out.line`${line}`,
  )
}
