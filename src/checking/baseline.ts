import type { Checked, CheckedObject } from '../engine/checked.ts'
import { aboutOf, identityOf } from '../report/identity.ts'
import { CommandError } from '../runtime/command-error.ts'
import { count } from '../runtime/count.ts'
import { readBeginning } from '../runtime/read-small-file.ts'
import type { Terminal } from '../runtime/terminal.ts'
import { beginsAsBaseline, type FindingCounts, readBaseline, writeBaseline } from './baseline-text.ts'

/** Size of a baseline: as that of a file of manifests, it holds a line for each finding. */
const MAX_BASELINE_BYTES = 32 * 1024 * 1024

/** Which findings of a check are known, and may be there. */
export interface BaselineFlags {
  readonly baseline?: string
  readonly updateBaseline?: boolean
}

/** What is new, and what there is to say of the rest. */
interface Compared {
  /** What was checked, without what is known. */
  readonly checked: Checked
  /**
   * Says what was left out, and writes the baseline if it is to be updated.
   *
   * @param isPartial whether something that the findings depend on could not be read
   * @returns what is wrong, a line each
   */
  end(err: Terminal, isPartial: boolean): Promise<readonly string[]>
}

/** Writes a whole file or nothing of it. @returns what is wrong, in words, or nothing */
type WriteWhole = (file: string, text: string) => Promise<string | undefined>

/**
 * Reads the baseline that the flags name; undefined where they name none.
 *
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function openBaseline(flags: BaselineFlags, write: WriteWhole): Promise<Baseline | undefined> {
  const { baseline: file, updateBaseline = false } = flags
  if (file !== undefined) return new Baseline(file, await readCounts(file, updateBaseline), updateBaseline, write)
  if (updateBaseline) throw new CommandError('--update-baseline needs --baseline FILE')
  return undefined
}

/** Findings that are known, so that only new ones count. */
class Baseline {
  readonly #file: string
  readonly #known: FindingCounts
  readonly #update: boolean
  readonly #write: WriteWhole

  constructor(file: string, known: FindingCounts, update: boolean, write: WriteWhole) {
    this.#file = file
    this.#known = known
    this.#update = update
    this.#write = write
  }

  /** @param assumeInjection whether what would be added counts as added, and so is no finding */
  compare(checked: Checked, assumeInjection: boolean): Compared {
    const isWhole = checked.errors.length === 0 && checked.input.objects > 0
    const found = countFindings(checked.objects, assumeInjection)
    const known = this.#update && isWhole ? found : this.#known
    return {
      checked: { ...checked, objects: withoutKnown(checked.objects, known, assumeInjection) },
      end: async (err, isPartial) => {
        if (!this.#update) this.#tell(found, isWhole && !isPartial, err)
        else if (isWhole && !isPartial) return await this.#save(found, err)
        else err.write(err.line`regcred: ${this.#file} is not updated, because not everything could be read`)
        return []
      },
    }
  }

  #tell(found: FindingCounts, isWhole: boolean, err: Terminal): void {
    const hidden = totalOf(found) - totalOf(missingFrom(this.#known, found))
    if (hidden > 0) err.write(err.line`regcred: left out ${count(hidden, 'finding')} of the baseline ${this.#file}`)
    const gone = missingFrom(found, this.#known).size
    if (gone === 0 || !isWhole) return
    const entries = gone === 1 ? '1 entry of the baseline is' : `${gone} entries of the baseline are`
    err.write(err.line`regcred: ${entries} no longer found; --update-baseline removes ${gone === 1 ? 'it' : 'them'}`)
  }

  async #save(found: FindingCounts, err: Terminal): Promise<readonly string[]> {
    const text = writeBaseline(found)
    if (Buffer.byteLength(text) > MAX_BASELINE_BYTES)
      return [`cannot write ${this.#file}: it would be larger than 32 MiB; check fewer files at once`]
    const fault = await this.#write(this.#file, text)
    if (fault !== undefined) return [`cannot write ${this.#file}: ${fault}`]
    const added = totalOf(missingFrom(this.#known, found))
    const removed = totalOf(missingFrom(found, this.#known))
    err.write(
      err.line`regcred: the baseline ${this.#file} now has ${count(totalOf(found), 'finding')}: ${added} added, ${removed} removed`,
    )
    return []
  }
}

async function readCounts(file: string, update: boolean): Promise<FindingCounts> {
  const text = await readText(file, update)
  const counts = readBaseline(text)
  if (counts !== undefined) return counts
  // Nothing but a baseline is ever written over.
  if (update && (text === '' || beginsAsBaseline(text))) return new Map()
  const advice = beginsAsBaseline(text)
    ? 'write it again with --update-baseline'
    : 'name another file, and add --update-baseline to write it'
  throw new CommandError(`${file} is not a baseline of regcred check; ${advice}`)
}

/** The text of a file; with `update` none where there is no file. */
async function readText(file: string, update: boolean): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readBeginning(file, MAX_BASELINE_BYTES)
  } catch (error) {
    const { code } = Object(error)
    if (code === 'ENOENT' && update) return ''
    if (code === 'ENOENT') throw new CommandError(`there is no file ${file}; add --update-baseline to write it`)
    throw new CommandError(`cannot read ${file} (${code}); check the path and its permissions`)
  }
  if (bytes.length > MAX_BASELINE_BYTES)
    throw new CommandError(`${file} is larger than 32 MiB; check fewer files at once`)
  return bytes.toString()
}

function countFindings(objects: readonly CheckedObject[], assumeInjection: boolean): FindingCounts {
  const counts = new Map<string, number>()
  const note = (key: string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1)
    return true
  }
  for (const object of objects) keep(object, assumeInjection, note)
  return counts
}

/** The objects without what is known: of as many findings as are known the first, whichever of them they are. */
function withoutKnown(
  objects: readonly CheckedObject[],
  known: FindingCounts,
  assumeInjection: boolean,
): readonly CheckedObject[] {
  const left = new Map(known)
  const isNew = (key: string) => {
    const times = left.get(key) ?? 0
    left.set(key, times - 1)
    return times <= 0
  }
  return objects.map(object => keep(object, assumeInjection, isNew))
}

/** An object with those findings, and of what would be added with that, of which the key of the identity is wanted. */
function keep(object: CheckedObject, assumeInjection: boolean, isWanted: (key: string) => boolean): CheckedObject {
  const { findings, plan } = object
  const kept = findings.filter(finding => isWanted(JSON.stringify(identityOf(finding.code, aboutOf(finding), object))))
  if (assumeInjection) return { ...object, findings: kept }
  const add = plan.add.filter(({ secret }) => isWanted(JSON.stringify(identityOf('WouldInject', secret, object))))
  return { ...object, findings: kept, plan: { ...plan, add } }
}

/** What of some counts is more than in others. */
function missingFrom(others: FindingCounts, counts: FindingCounts): FindingCounts {
  const left = [...counts].map(([key, times]): [string, number] => [key, times - (others.get(key) ?? 0)])
  return new Map(left.filter(([, times]) => times > 0))
}

function totalOf(counts: FindingCounts): number {
  return [...counts.values()].reduce((sum, times) => sum + times, 0)
}
