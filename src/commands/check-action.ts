import { setFlagsFromString } from 'node:v8'
import { type BaselineFlags, openBaseline } from '../checking/baseline.ts'
import { CheckRules } from '../checking/check-rules.ts'
import { checkManifests } from '../engine/check-manifests.ts'
import type { Checked } from '../engine/checked.ts'
import { findManifests } from '../manifests/read.ts'
import { prepareRulebook } from '../policy/rulebook.ts'
import { countLevels, type Level } from '../report/level.ts'
import { CommandError } from '../runtime/command-error.ts'
import { Terminal } from '../runtime/terminal.ts'
import { explainNothing, tell } from './check-talk.ts'
import type { Output } from './option-parsers.ts'
import { spareFiles, spareInputs } from './outputs/spare-inputs.ts'
import { writeOutputs } from './outputs/write-outputs.ts'
import { writeWhole } from './outputs/write-whole.ts'
import { readSettings, withoutMatch } from './settings.ts'
import { type Judge, type KnownFlags, openKnown } from './snapshot/check-known.ts'
import type { Streams } from './streams.ts'

export interface CheckFlags extends KnownFlags, BaselineFlags {
  readonly filename?: readonly string[]
  readonly config?: string
  /** False: none. */
  readonly checkConfig?: string | false
  readonly verbose?: boolean
  readonly output?: readonly Output[]
  readonly failOn?: Level
  readonly strict?: boolean
  readonly assumeInjection?: boolean
  readonly requireWorkloads?: boolean
  readonly render: boolean
}

/** What the exit status says. */
const STATUS = { fine: 0, found: 1, couldNot: 2 } as const

/**
 * Checks manifests and writes what was found.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function check(named: readonly string[], flags: CheckFlags, streams: Streams): Promise<number> {
  const { output = [{ format: formatFor(streams) }], strict = false, assumeInjection = false, verbose = false } = flags
  const given = [...named, ...(flags.filename ?? [])]
  if (given.length === 0 && streams.stdin.isTTY) {
    throw new CommandError('give a file, a folder or -: regcred check k8s/')
  }
  const err = new Terminal(streams.stderr)
  const rules = await CheckRules.open(flags, process.cwd())
  const paths = given.filter(path => !rules.isExcluded(path))
  if (paths.length === 0 && given.length > 0) {
    err.write(err.line`regcred: nothing to check: the check configuration excludes what was given`)
    return STATUS.fine
  }
  const { failOn, knownSecrets } = rules
  spareFiles([flags.baseline, rules.file, rules.admission, ...knownSecrets], output)
  const settings = rules.extend((await readSettings(rules.admission)).settings)
  const baseline = await openBaseline(flags, writeWhole)
  const known = await openKnown({ ...flags, knownSecrets }, settings.templates, streams)
  // As kubectl takes an empty name.
  const namespace = known?.namespace ?? (flags.namespace || 'default')
  const rulebook = prepareRulebook(assumeInjection ? settings : withoutMatch(settings))
  spareMemory()
  const sources = paths.length === 0 ? ['-'] : paths
  const find = flags.render ? await findRenderedFor(namespace, err) : findManifests
  const found = spareInputs(find(sources, streams.stdin, rules.isExcluded, rules.readText), output)
  const judge: Judge = (all, beside = {}) =>
    checkManifests(all, rulebook, { namespace, strict, now: Date.now, tellsIgnored: true, ...beside })
  const all = await rules.ignore(await (known === undefined ? judge(found) : known.judge(found, judge)))
  const compared = baseline?.compare(all, assumeInjection)
  const checked = compared?.checked ?? all
  // There is no answer where nothing was asked.
  if (checked.input.objects === 0 && checked.errors.length === 0 && output.every(isText)) {
    err.write(err.line`regcred: ${explainNothing(checked.input.others)}`)
    return STATUS.couldNot
  }
  const faults = [...(await writeOutputs(checked, output, { failOn, assumeInjection, verbose }, streams))]
  rules.tell(err, verbose)
  tell(checked, err)
  const isPartial = known?.tell(err) ?? false
  if (compared !== undefined) faults.push(...(await compared.end(err, isPartial)))
  if (faults.length > 0) throw new CommandError(faults)
  return isPartial ? STATUS.couldNot : statusOf(checked, { ...flags, failOn })
}

/** Charts and kustomizations are rendered, and that is said. */
async function findRenderedFor(namespace: string, err: Terminal): Promise<typeof findManifests> {
  const { findRendered } = await import('../rendering/find-rendered.ts')
  const tell = (first: string, ...more: readonly string[]) =>
    err.write(err.line`regcred: ${first}`, ...more.map(line => err.line`         ${line}`))
  return (paths, stdin, isExcluded, onText) => findRendered(paths, stdin, { namespace, tell, isExcluded, onText })
}

/** What is written to standard output where nobody says it. */
function formatFor({ env = {} }: Streams): Output['format'] {
  return env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'text'
}

function isText({ format }: Output): boolean {
  return format === 'text'
}

/**
 * Keeps the young generation of the heap from growing to its largest size: what is read of a file is garbage at once, and a check of
 * 10,000 objects otherwise takes half as much memory again for nothing.
 */
function spareMemory(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/**
 * | what came of it                                        | status |
 * | ------------------------------------------------------ | ------ |
 * | something could not be read                            | 2      |
 * | there is no Kubernetes object                          | 2      |
 * | no object pulls images, and --require-workloads        | 2      |
 * | a finding, or a note, of the level of --fail-on or above | 1    |
 * | anything else                                          | 0      |
 */
function statusOf(
  checked: Checked,
  { failOn, requireWorkloads, assumeInjection = false }: CheckFlags & { readonly failOn: Level },
): number {
  const { errors, input } = checked
  if (errors.length > 0 || input.objects === 0) return STATUS.couldNot
  if (requireWorkloads && input.workloads === 0) return STATUS.couldNot
  const { error, warning, note } = countLevels(checked.objects, assumeInjection)
  const counted = { error, warning: error + warning, note: error + warning + note }[failOn]
  return counted > 0 ? STATUS.found : STATUS.fine
}
