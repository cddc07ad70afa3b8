import { Help } from 'commander'
import { FINDINGS, type FindingCode } from '../policy/finding.ts'
import { writeExplanation } from '../report/explanations.ts'
import { CommandError } from '../runtime/command-error.ts'
import { nearestName } from '../runtime/nearest-name.ts'
import { Terminal } from '../runtime/terminal.ts'
import type { Streams } from './streams.ts'

/**
 * Prints the explanation of a code, in whatever case it is written; without one all codes with what they mean.
 *
 * @throws {CommandError} if there is no such code
 */
export function explainFinding(code: string | undefined, { stdout }: Pick<Streams, 'stdout'>): void {
  const out = new Terminal(stdout)
  if (code === undefined) {
    const codes = Object.entries(FINDINGS)
    const width = Math.max(...codes.map(([name]) => name.length))
    out.write(...codes.map(([name, { reason }]) => out.line`${name.padEnd(width)}  ${reason}`))
    return
  }
  const columns = 'columns' in stdout && typeof stdout.columns === 'number' ? stdout.columns : 100
  const help = new Help()
  // Lines of an example are not broken.
  const lines = writeExplanation(findCode(code)).map(line =>
    line.startsWith(' ') ? line : help.boxWrap(line, columns),
  )
  out.writeText(`${lines.join('\n')}\n`)
}

function findCode(text: string): FindingCode {
  const codes = Object.keys(FINDINGS) as FindingCode[]
  const found = codes.find(code => code.toLowerCase() === text.toLowerCase())
  if (found !== undefined) return found
  const near = nearestName(text, codes, { limit: 4, ignoreCase: true })
  const advice = near === undefined ? 'regcred explain lists them' : `did you mean ${near}?`
  throw new CommandError(`there is no finding with the code "${text}"; ${advice}`)
}
