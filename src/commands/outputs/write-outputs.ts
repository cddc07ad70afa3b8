import type { Checked } from '../../engine/checked.ts'
import { readVersion } from '../../package.ts'
import type { Level } from '../../report/level.ts'
import { report } from '../../report/reported.ts'
import { writeText } from '../../report/text.ts'
import { count } from '../../runtime/count.ts'
import { Terminal } from '../../runtime/terminal.ts'
import type { Output, OutputFormat } from '../option-parsers.ts'
import type { Streams } from '../streams.ts'
import { writeEach } from './write-each.ts'
import { append } from './write-whole.ts'

/** What the answer depends on beside what was found. */
interface Asked {
  readonly assumeInjection: boolean
  readonly failOn: Level
  /** Whether people are told what is ignored. */
  readonly verbose: boolean
}

/**
 * Writes what was checked to each place that was asked for; one that cannot be written keeps nothing from another.
 *
 * @returns what is wrong, a line each
 */
export async function writeOutputs(
  checked: Checked,
  outputs: readonly Output[],
  asked: Asked,
  streams: Streams,
): Promise<readonly string[]> {
  const err = new Terminal(streams.stderr)
  const faults = await writeEach(
    outputs,
    (format, out) => (format === 'text' ? writeText(checked, out, asked) : WRITERS[format](checked, asked, err)),
    streams,
  )
  const summary = streams.env?.['GITHUB_STEP_SUMMARY'] ?? ''
  if (summary === '' || outputs.every(({ format }) => format !== 'github')) return faults
  return [...faults, ...(await writeSummary(checked, asked, summary))]
}

/** Bytes that GitHub takes of a step's summary. */
const MAX_SUMMARY_BYTES = 1024 * 1024

/** Adds a table of all that was found to the summary of the step, which may have been begun by others. */
async function writeSummary(checked: Checked, asked: Asked, file: string): Promise<readonly string[]> {
  const { writeMarkdown } = await import('../../report/formats/markdown.ts')
  const fault = await append(file, taken => writeMarkdown(reportOf(checked, asked), MAX_SUMMARY_BYTES - taken))
  return fault === undefined ? [] : [`cannot write the summary ${file}: ${fault}`]
}

/** Loaded when they are asked for: most checks are for people. */
const WRITERS: Readonly<
  Record<Exclude<OutputFormat, 'text'>, (checked: Checked, asked: Asked, err: Terminal) => Promise<string> | string>
> = {
  json: async (checked, { assumeInjection }) => {
    const { writeJson } = await import('../../report/json.ts')
    return writeJson(checked, assumeInjection)
  },
  sarif: async (checked, asked, err) => {
    const { writeSarif } = await import('../../report/formats/sarif.ts')
    const { text, leftOut } = writeSarif(reportOf(checked, asked), readVersion())
    if (leftOut > 0) err.write(err.line`regcred: ${count(leftOut, 'result')} left out of SARIF: more than GitHub takes`)
    return text
  },
  github: async (checked, asked) => {
    const { writeGithub } = await import('../../report/formats/github.ts')
    return writeGithub(reportOf(checked, asked))
  },
  junit: async (checked, asked) => {
    const { writeJunit } = await import('../../report/formats/junit.ts')
    return writeJunit(reportOf(checked, asked), asked.failOn)
  },
  gitlab: async (checked, asked) => {
    const { writeGitlab } = await import('../../report/formats/gitlab.ts')
    return writeGitlab(reportOf(checked, asked))
  },
  markdown: async (checked, asked) => {
    const { writeMarkdown } = await import('../../report/formats/markdown.ts')
    return writeMarkdown(reportOf(checked, asked))
  },
}

function reportOf(checked: Checked, { assumeInjection }: Asked) {
  return report(checked, { assumeInjection, cwd: process.cwd() })
}
