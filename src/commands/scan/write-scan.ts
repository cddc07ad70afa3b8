import { readVersion } from '../../package.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { count } from '../../runtime/count.ts'
import { type Shown, Terminal } from '../../runtime/terminal.ts'
import type { Scan, TextOptions } from '../../scan/scan.ts'
import { writeEach } from '../outputs/write-each.ts'
import { type Streams, widthOf } from '../streams.ts'
import type { ScanFormat, ScanOutput } from './formats.ts'

/** What is written, beside the formats. */
interface Asked {
  readonly unused?: boolean
  /** The pull secrets in place of what is wrong. */
  readonly secrets?: boolean
}

type Writer = (scan: Scan, options: TextOptions, out: Terminal, err: Terminal) => Promise<string | readonly Shown[]>

/** Formats that list pull secrets; JSON has them in any case. */
const OF_SECRETS: readonly ScanFormat[] = ['text', 'wide', 'json', 'csv']

/** @throws {CommandError} where a format cannot list pull secrets */
export function checkFormats(outputs: readonly ScanOutput[], { secrets = false }: Asked): void {
  const odd = outputs.find(({ format }) => secrets && !OF_SECRETS.includes(format))
  if (odd === undefined) return
  throw new CommandError(`--secrets has no ${odd.format}; give one of ${OF_SECRETS.join(', ')}: regcred scan --secrets`)
}

/**
 * Writes what came of a scan to each place that was asked for.
 *
 * @returns what is wrong, a line each
 */
export async function writeScanOutputs(
  scan: Scan,
  outputs: readonly ScanOutput[],
  { unused = false, secrets = false }: Asked,
  streams: Streams,
): Promise<readonly string[]> {
  const err = new Terminal(streams.stderr)
  const width = widthOf(streams.stdout)
  const writers = secrets ? { ...WRITERS, ...WRITERS_OF_SECRETS } : WRITERS
  const write = (format: ScanFormat, out: Terminal) =>
    writers[format](scan, { width, listsUnused: unused, isWide: format === 'wide' }, out, err)
  return await writeEach(outputs, write, streams)
}

const text: Writer = async (scan, options, out) => {
  const { writeScan } = await import('../../scan/formats/scan-text.ts')
  return writeScan(scan, options, out)
}

/** Loaded when they are asked for: most scans are for people. */
const WRITERS: Readonly<Record<ScanFormat, Writer>> = {
  text,
  wide: text,
  json: async scan => {
    const { writeScanJson } = await import('../../scan/formats/scan-json.ts')
    return writeScanJson(scan)
  },
  csv: async scan => {
    const { writeScanCsv } = await import('../../scan/formats/scan-table.ts')
    return writeScanCsv(scan)
  },
  markdown: async scan => {
    const { writeScanMarkdown } = await import('../../scan/formats/scan-table.ts')
    return writeScanMarkdown(scan)
  },
  sarif: async (scan, _options, _out, err) => {
    const { writeScanSarif } = await import('../../scan/formats/scan-sarif.ts')
    const { text, leftOut } = writeScanSarif(scan, readVersion())
    if (leftOut > 0) err.write(err.line`regcred: ${count(leftOut, 'result')} left out of SARIF: more than GitHub takes`)
    return text
  },
  html: async scan => {
    const { pageOf } = await import('../../page/scan-page.ts')
    const { writePage } = await import('../../page/write-page.ts')
    const { documentOf } = await import('../../scan/formats/scan-document.ts')
    return writePage(pageOf(documentOf(scan), readVersion()))
  },
}

const secretsText: Writer = async (scan, options, out) => {
  const { writeSecrets } = await import('../../scan/formats/secrets-table.ts')
  return writeSecrets(scan, options, out)
}

const WRITERS_OF_SECRETS: Readonly<Record<'text' | 'wide' | 'csv', Writer>> = {
  text: secretsText,
  wide: secretsText,
  csv: async scan => {
    const { writeSecretsCsv } = await import('../../scan/formats/secrets-table.ts')
    return writeSecretsCsv(scan)
  },
}
