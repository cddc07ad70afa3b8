import { type DryRun, type DryRuns, SEE } from '../ask/dry-runs.ts'
import type { CheckedObject } from '../engine/checked.ts'
import { getText } from '../kube/untyped.ts'
import type { Found, Manifest } from '../manifests/found.ts'
import type { Finding } from '../policy/finding.ts'
import type { KindPath } from '../policy/settings.ts'
import { findSpecs } from '../review/manifest.ts'
import { cutVisible } from '../runtime/visible.ts'
import { recogniseRefusal, recogniseWarning } from './recognise.ts'
import { isControlled, type SentObject, toProbe, toSend } from './sent-object.ts'
import { Unasked } from './unasked.ts'

/** Objects that are asked about at once. */
const MAX_AT_ONCE = 4
/** Time for all objects together. */
const MAX_ASKING_MS = 300_000
/** Objects in a row for which the API server fails, before it is asked about no other. */
const MAX_FAILURES = 3
/** What others warn of, before it is left out. */
const MAX_REMARKS = 20
/** Characters of what others say. */
const MAX_SAID_LENGTH = 500

export interface AskOptions {
  /** Kinds with a Pod template, besides those of Kubernetes. */
  readonly templates: readonly KindPath[]
  /** Made up: the end of the name of an object that is there already. */
  readonly suffix: string
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Told how many objects have been asked about, and of how many. */
  readonly watch: (done: number, all: number) => void
}

/**
 * Asks a cluster about the Pods and Pod templates among objects as they are read: a dry run for each, a few at a time. Nothing else is sent,
 * and no Secret.
 */
export class ClusterQuestions {
  readonly #dryRuns: DryRuns
  readonly #options: AskOptions
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #deadline: number
  /** By object. */
  readonly #answers = new Map<string, Promise<readonly Finding[]>>()
  readonly #unasked = new Unasked()
  readonly #others: string[] = []
  /** By namespace, whether regcred says there what is wrong. */
  readonly #heard = new Map<string, Promise<boolean | undefined>>()
  readonly #silent: string[] = []
  #failures = 0
  #begun = 0
  #done = 0

  constructor(dryRuns: DryRuns, options: AskOptions) {
    this.#dryRuns = dryRuns
    this.#options = options
    this.#deadline = options.now() + MAX_ASKING_MS
  }

  /** Passes objects on, and begins to ask about those that pull images. */
  async *watch(found: AsyncIterable<Found>): AsyncGenerator<Found, void> {
    for await (const one of found) {
      if (!('fault' in one) && !('other' in one) && this.#isAsked(one)) await this.#begin(one)
      yield one
    }
  }

  /** What the cluster said of an object; nothing when it is asked for again. */
  async take(manifest: CheckedObject['manifest'], name: string): Promise<readonly Finding[]> {
    const key = keyOf(manifest, name)
    const answer = this.#answers.get(key)
    this.#answers.delete(key)
    return (await answer) ?? []
  }

  /** Waits for the answers that nobody took: not all that is asked about is judged. */
  async settle(): Promise<void> {
    await Promise.all(this.#answers.values())
    for (const [namespace, heard] of this.#heard) if ((await heard) === false) this.#silent.push(namespace)
  }

  /** Whether what is wrong in a namespace would have been said. */
  async isHeard(namespace: string): Promise<boolean> {
    return (await this.#heard.get(namespace)) === true
  }

  /** What could not be asked, and why: a sentence each. */
  get faults(): readonly string[] {
    const silent = this.#silent.map(
      namespace => `regcred in the cluster says nothing in namespace ${namespace}: ${SILENCE}`,
    )
    return [...this.#unasked.faults, ...silent]
  }

  /** What others in the cluster warn of: a sentence each. */
  get remarks(): readonly string[] {
    return this.#others
  }

  #isAsked(found: Manifest): boolean {
    return findSpecs(found, this.#options.templates).isWorkload && !isControlled(found.object)
  }

  /** Sends an object of which something has to be said. @returns undefined where nobody could be asked */
  async #probe(found: Manifest): Promise<boolean | undefined> {
    const { templates, suffix } = this.#options
    const [spec] = findSpecs(found, templates).specs
    const sent = spec && toProbe(found, spec.specPath, this.#dryRuns.namespace, `probe-${suffix}`)
    if (sent === undefined) return undefined
    const answer = await this.#create(found, sent)
    if (answer.outcome === 'created')
      return answer.warnings.some(text => recogniseWarning(text, sent.title) !== undefined)
    return answer.outcome === 'refused' && isOurs(answer, sent) ? true : undefined
  }

  /** Waits until a few others have been answered, and does not wait for the answer. */
  async #begin(found: Manifest): Promise<void> {
    const sent = toSend(found, this.#dryRuns.namespace)
    while (this.#underWay.size >= MAX_AT_ONCE) await Promise.race(this.#underWay)
    this.#begun += 1
    if (!this.#heard.has(sent.namespace)) this.#heard.set(sent.namespace, this.#probe(found))
    const answer = this.#ask(found, sent).finally(() => {
      this.#underWay.delete(answer)
      this.#done += 1
      this.#options.watch(this.#done, this.#begun)
    })
    this.#underWay.add(answer)
    this.#answers.set(keyOf(found, getText(found.object, 'metadata', 'name')), answer)
  }

  async #ask(found: Manifest, sent: SentObject): Promise<readonly Finding[]> {
    const { now, suffix } = this.#options
    if (this.#failures >= MAX_FAILURES) return this.#leaveOut(sent, 'the API server failed before')
    if (now() > this.#deadline)
      return this.#leaveOut(sent, `it took more than ${MAX_ASKING_MS / 60_000} minutes; check fewer`)
    const first = await this.#create(found, sent)
    if (first.outcome !== 'exists') return this.#read(first, sent)
    const other = toSend(found, this.#dryRuns.namespace, suffix)
    return this.#read(await this.#create(found, other), other)
  }

  async #create({ apiVersion, kind }: Manifest, { namespace, object }: SentObject): Promise<DryRun> {
    return await this.#dryRuns.create({ apiVersion, kind, namespace, object })
  }

  #read(answer: DryRun, sent: SentObject): readonly Finding[] {
    this.#failures = answer.outcome === 'unasked' && answer.isFailure ? this.#failures + 1 : 0
    switch (answer.outcome) {
      case 'created':
        return this.#hear(answer.warnings, sent)
      case 'refused': {
        const refused = recogniseRefusal(answer.text, sent.title)
        if (refused.length > 0) return [...refused, ...this.#hear(answer.warnings, sent)]
        // What others say may quote the object.
        const said = isOurs(answer, sent) ? cutVisible(answer.text, MAX_SAID_LENGTH) : `see: ${SEE}`
        return this.#leaveOut(sent, `admission webhook "${answer.webhook}" refuses it; ${said}`)
      }
      case 'exists':
        return this.#leaveOut(sent, 'there is one of this name already')
      default:
        return this.#leaveOut(sent, answer.reason)
    }
  }

  #hear(warnings: readonly string[], { title }: SentObject): readonly Finding[] {
    return warnings.flatMap(text => {
      const finding = recogniseWarning(text, title)
      if (finding === undefined && this.#others.length < MAX_REMARKS)
        this.#others.push(`the cluster warns about ${title}: ${cutVisible(text, MAX_SAID_LENGTH)}`)
      return finding ?? []
    })
  }

  #leaveOut({ title, namespace }: SentObject, reason: string): readonly Finding[] {
    this.#unasked.add(`${title} in namespace ${namespace}`, reason)
    return []
  }
}

const SILENCE =
  'it is not installed, or its mode there is off or audit; see: kubectl get namespace --label-columns=regcred.dev/mode'

/** Whether a refusal is regcred's: it begins with the title of the object, or its webhook has the name that the chart gives it. */
function isOurs(
  { webhook, text }: { readonly webhook: string; readonly text: string },
  { title }: SentObject,
): boolean {
  return text.startsWith(`${title}: `) || /(?:^|\.)regcred\.dev$/.test(webhook)
}

/** Of an object in JSON, of which nobody knows the line, the name has to do. */
function keyOf({ file, line, column, apiVersion, kind }: CheckedObject['manifest'], name: string): string {
  return JSON.stringify([file, line, column, apiVersion, kind, line === undefined ? name : ''])
}
