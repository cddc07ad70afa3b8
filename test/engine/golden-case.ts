import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Operation } from 'fast-json-patch'
import { parse } from 'yaml'
import { parseConfiguration } from '../../src/config/parse.ts'
import type { Manifest } from '../../src/manifests/found.ts'
import { parseManifests } from '../../src/manifests/read.ts'
import type { FindingCode } from '../../src/policy/finding.ts'
import { defaultSettings, MODES, type Mode, type Settings } from '../../src/policy/settings.ts'
import type { Stage } from '../../src/review/review.ts'

/** One folder of `golden/`; its README says what each file holds. */
export interface Case {
  readonly name: string
  readonly folder: string
  readonly files: readonly string[]
  /** The webhook that is called: the first word of the name. */
  readonly stage: Stage
  /** The namespace in which it happens, or the Namespace to which. */
  readonly namespace: string
  /** The cluster before the review. */
  readonly manifests: readonly Manifest[]
  readonly applied: readonly Manifest[]
  /** The text of its configuration file; empty without one. */
  readonly configuration: string
  readonly settings: Settings
  readonly description: Description
}

/** What `case.yaml` may say. */
interface Description {
  /** What causes the review, as it is typed after `kubectl`. */
  readonly kubectl: string
  /** The kind of the object that is reviewed. */
  readonly kind: string
  /** A finding that is not made here, though it is near at hand. */
  readonly without?: FindingCode
  /** What regcred cannot find out, in the words of its audit annotation: `namespace`, `secret/acme`. */
  readonly unknown: readonly string[]
  /** The webhook that is not registered. */
  readonly lost?: 'mutate'
  /** Whether it is registered without matchConditions. */
  readonly unconditional: boolean
  /** The first minor of Kubernetes whose API server knows all of its fields, such as 35. */
  readonly since?: number
}

/** An AdmissionReview as far as the tests read it. */
export interface GoldenReview {
  readonly request: {
    readonly uid: string
    readonly kind: { readonly group: string; readonly kind: string }
    readonly operation: string
    readonly subResource?: string
    readonly object: unknown
    readonly oldObject: unknown
  }
}

/** The response of an AdmissionReview, with the patch decoded. */
export interface Answer {
  readonly uid: string
  readonly allowed: boolean
  readonly status?: { readonly message: string }
  readonly patch?: readonly Operation[]
  readonly warnings?: readonly string[]
  readonly auditAnnotations?: Readonly<Record<string, string>>
}

export type Answers = Readonly<Record<Mode, Answer>>

/** When the cases are answered, in milliseconds since the epoch: what expires in them does so long before or after. */
export const GOLDEN_NOW = Date.parse('2026-06-01T00:00:00Z')

const GOLDEN = join(import.meta.dirname, '../golden')
const DESCRIBED = ['kubectl', 'kind', 'without', 'unknown', 'lost', 'unconditional', 'since']

/** Every case, by name. Throws where one cannot be read. */
export async function readCases(): Promise<Case[]> {
  const entries = readdirSync(GOLDEN, { withFileTypes: true }).filter(({ name }) => name !== 'README.md')
  const cases = await Promise.all(entries.map(({ name }) => readCase(name)))
  return cases.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function readCase(name: string): Promise<Case> {
  const folder = join(GOLDEN, name)
  const read = (file: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '')
  const stage = name.split('-')[0]
  if (stage !== 'mutate' && stage !== 'validate') throw new Error(`${name} begins with neither mutate nor validate`)
  const manifests = await manifestsIn(name, read('cluster.yaml'))
  const applied = await manifestsIn(name, read('apply.yaml'))
  const place = [...manifests, ...applied].find(({ kind }) => kind === 'Namespace')
  const configuration = read('config.yaml')
  return {
    name,
    folder,
    files: readdirSync(folder).sort(),
    stage,
    namespace: nameOf(place, name),
    manifests,
    applied,
    configuration,
    settings: settingsIn(name, configuration),
    description: describe(name, parse(read('case.yaml')) ?? {}, applied),
  }
}

async function manifestsIn(name: string, text: string): Promise<readonly Manifest[]> {
  const parsed = await parseManifests(name, text)
  if (!parsed.ok) throw new Error(parsed.faults.join())
  return parsed.manifests
}

function nameOf(place: Manifest | undefined, name: string): string {
  const metadata = place?.object['metadata']
  if (typeof metadata !== 'object' || metadata === null) throw new Error(`${name} has no Namespace`)
  return String(Reflect.get(metadata, 'name'))
}

function settingsIn(name: string, text: string): Settings {
  if (text === '') return defaultSettings
  const reading = parseConfiguration(text, name)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  return reading.settings
}

function describe(name: string, said: Partial<Description>, applied: readonly Manifest[]): Description {
  const strange = Object.keys(said).filter(field => !DESCRIBED.includes(field))
  if (strange.length > 0) throw new Error(`${name}: case.yaml has no field ${strange.join()}`)
  const kubectl = said.kubectl ?? 'apply -f apply.yaml'
  const kind = said.kind ?? applied.at(-1)?.kind
  if (kind === undefined) throw new Error(`${name} does not say of which kind it is`)
  return { ...said, kubectl, kind, unknown: said.unknown ?? [], unconditional: said.unconditional ?? false }
}

export function readReview({ folder }: Case): GoldenReview {
  return JSON.parse(readFileSync(join(folder, 'review.json'), 'utf8'))
}

/** What `response.json` wants to be answered in each mode. */
export function readAnswers({ folder }: Case): Answers {
  return parseAnswers(readFileSync(join(folder, 'response.json'), 'utf8'))
}

/** Reads `{"off, audit": answer, "warn, enforce": answer}`. Throws if a mode lacks, or stands there twice. */
function parseAnswers(text: string): Answers {
  const pairs = Object.entries<Answer>(JSON.parse(text)).flatMap(([modes, answer]) =>
    modes.split(', ').map((mode): [string, Answer] => [mode, answer]),
  )
  const given = pairs.map(([mode]) => mode)
  if (given.length !== MODES.length || MODES.some(mode => !given.includes(mode))) {
    throw new Error(`the answers are for ${given.join()}, not for each mode once`)
  }
  return Object.fromEntries(pairs) as Answers
}

/** The opposite: modes that answer alike share one answer. */
export function printAnswers(answers: Answers): string {
  const alike = Map.groupBy(MODES, mode => JSON.stringify(answers[mode]))
  const merged = [...alike].map(([answer, modes]) => [modes.join(', '), JSON.parse(answer)])
  return `${JSON.stringify(Object.fromEntries(merged), null, 2)}\n`
}
