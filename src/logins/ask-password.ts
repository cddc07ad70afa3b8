import { openSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import { encodeUtf8 } from '../kubelet/go/utf8.ts'
import { Terminal } from '../runtime/terminal.ts'
import { HiddenLine } from './hidden-line.ts'
import type { PasswordRead } from './password-line.ts'

/** The terminal of a process, whatever its standard streams are. */
const TERMINAL = '/dev/tty'

/**
 * Asks for a password on the terminal, without echo. Standard input and output are left alone: they may be pipes.
 *
 * @param question one line, e.g. `Password for janedoe at ghcr.io`
 * @param file the terminal
 */
export async function askPassword(question: string, file = TERMINAL): Promise<PasswordRead> {
  const terminal = open(file)
  if (terminal === undefined) return { ok: false, fault: NO_TERMINAL }
  const { input, output } = terminal
  const cancel = () => input.push(CTRL_C)
  for (const signal of SIGNALS) process.on(signal, cancel)
  // Before the question, so that nothing is echoed that is typed at once.
  input.setRawMode(true)
  try {
    new Terminal(output).writeText(`${question}: `)
    return await readHidden(input)
  } finally {
    for (const signal of SIGNALS) process.off(signal, cancel)
    input.setRawMode(false)
    output.write('\n')
    input.destroy()
    output.destroy()
  }
}

/** What would end us and leave a terminal that does not echo: it counts as Ctrl-C. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const CTRL_C = '\x03'

const NO_TERMINAL = 'there is no terminal to ask for the password on; pipe it: … | regcred secret … --password-stdin'

function open(file: string): { readonly input: ReadStream; readonly output: WriteStream } | undefined {
  try {
    return { input: new ReadStream(openSync(file, 'r')), output: new WriteStream(openSync(file, 'w')) }
  } catch {
    return undefined
  }
}

async function readHidden(input: ReadStream): Promise<PasswordRead> {
  const line = new HiddenLine()
  for await (const text of input.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    const state = line.add(text)
    if (state === 'more') continue
    if (state === 'cancelled') break
    if (state === 'odd')
      return {
        ok: false,
        fault: 'what was typed has a control character; type the password again, or pipe it: --password-stdin',
      }
    return line.text === ''
      ? { ok: false, fault: 'no password was typed' }
      : { ok: true, password: encodeUtf8(line.text) }
  }
  return { ok: false, fault: 'cancelled; nothing was written' }
}
