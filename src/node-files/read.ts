import { type Fault, formatFault } from '../manifests/found.ts'
import { readNodeDocuments } from './documents.ts'
import { filesAt, readNodeFile } from './files.ts'
import { statementsOf } from './recognise.ts'
import type { Statement } from './statement.ts'

/** What files of a node say, or everything that is wrong with them, a line each. */
export type ReadNodeFiles =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | { readonly ok: false; readonly faults: readonly string[] }

/** Statements of all files: a node has a few, and a configuration holds no more entries than this. */
const MAX_STATEMENTS = 5000
/** Errors that are told. */
const MAX_NODE_FAULTS = 100

const UNKNOWN =
  'this is no file of a node that regcred knows (CredentialProviderConfig, config.toml, hosts.toml, registries.yaml, a mirror set of OpenShift, config.json)'
const NOTHING = 'there is no file of a node that regcred knows in this folder; give another'

/**
 * Reads files of a node, and what is of use below folders of it. A file that was named has to be one of those that are known;
 * in a folder others may lie beside them.
 */
export async function readNodeFiles(paths: readonly string[]): Promise<ReadNodeFiles> {
  const reading = new Reading()
  for (const path of paths) {
    const found = await filesAt(path)
    if ('fault' in found) reading.fail(found.fault)
    else if (found.isFolder) await reading.readFolder(path, found.files)
    else if (!(await reading.readFile(path))) reading.fail({ file: path, message: UNKNOWN })
    if (reading.isFull) break
  }
  return reading.result()
}

class Reading {
  readonly #statements: Statement[] = []
  readonly #faults: Fault[] = []

  get isFull(): boolean {
    return this.#statements.length > MAX_STATEMENTS || this.#faults.length >= MAX_NODE_FAULTS
  }

  fail(fault: Fault): void {
    this.#faults.push(fault)
  }

  async readFolder(folder: string, files: readonly string[]): Promise<void> {
    let known = false
    for (const file of files) {
      if (this.isFull) return
      if (await this.readFile(file)) known = true
    }
    if (!known) this.fail({ file: folder, message: NOTHING })
  }

  /** Reads a file, and says whether something is to be said about it: it is known, or broken. */
  async readFile(file: string): Promise<boolean> {
    const found = await readNodeFile(file)
    if ('fault' in found) {
      this.fail(found.fault)
      return true
    }
    let known = false
    for await (const document of readNodeDocuments(file, found.text)) {
      if (this.isFull) break
      const statements = 'fault' in document ? [] : statementsOf(file, document.value, document.lineOf)
      if ('fault' in document) this.fail(document.fault)
      if (statements !== undefined) known = true
      this.#statements.push(...(statements ?? []).slice(0, MAX_STATEMENTS + 1))
    }
    return known
  }

  result(): ReadNodeFiles {
    const tooMuch = `these files say more than ${MAX_STATEMENTS} things about registries; give those of one node`
    const faults = this.#faults.slice(0, MAX_NODE_FAULTS).map(formatFault)
    if (this.#statements.length > MAX_STATEMENTS) return { ok: false, faults: [...faults, tooMuch] }
    return faults.length > 0 ? { ok: false, faults } : { ok: true, statements: this.#statements }
  }
}
