import { basename } from 'node:path'
import { COULD_NOT, makeProgram } from './program.ts'
import { CommandError } from './runtime/command-error.ts'
import { redactError } from './runtime/redact-error.ts'
import { Terminal } from './runtime/terminal.ts'

const out = new Terminal(process.stdout)
const err = new Terminal(process.stderr)

/** kubectl calls a plugin by the name of its file; help speaks as it was called. */
const NAME = basename(String(process.argv[1])).startsWith('kubectl-') ? 'kubectl regcred' : 'regcred'

const program = makeProgram(NAME, { out, err }, status => process.exit(status))

// Whoever reads the answer may stop in the middle, as head does.
process.stdout.once('error', () => process.exit(COULD_NOT))
await run()

async function run(): Promise<void> {
  try {
    await program.parseAsync()
  } catch (error) {
    const isDebug = program.opts()['debug'] === true || Boolean(process.env['REGCRED_DEBUG'])
    const faults = error instanceof CommandError ? error.faults : tellBug(error, isDebug)
    err.write(...faults.map(fault => err.line`regcred: ${fault}`))
    process.exitCode = COULD_NOT
  }
}

/** What it was and where, and not its message: that may quote a manifest. */
function tellBug(error: unknown, isDebug: boolean): readonly string[] {
  const { error: name, at } = redactError(error, Number.POSITIVE_INFINITY)
  return isDebug
    ? [`this is a bug: ${name}`, ...at.map(frame => `  ${frame}`)]
    : [`this is a bug (${name}); run it again with REGCRED_DEBUG=1, and report what it prints`]
}
