import { parseArgs } from 'node:util'
import { runTests } from '../processes/tap.ts'
import { ATTACKS } from './attacks.ts'
import { LIMIT_MIB } from './stand.ts'

/** Seconds that all attacks may take. */
const TIMEOUT = 3600

const USAGE = `Usage: npm run attacks [-- --short] [NAME]

Attacks \`regcred serve\` under the memory limit of the chart (${LIMIT_MIB} MiB, by control group) in ${ATTACKS.length} ways, those with NAME in their
name or all, and sees to it that reviews and probes of others are answered all the while: right Pods allowed, wrong ones refused.
Needs Linux, and root to make a control group.

  --short        attacks that would go on for ever go on for 2 seconds, and not for 15
  --seconds N    for N seconds
`

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) process.stdout.write(USAGE)
else {
  const seconds = Number(flags.seconds ?? (flags.short ? 2 : 15))
  Object.assign(process.env, { REGCRED_ATTACK: positionals.join(' '), REGCRED_ATTACK_MS: String(seconds * 1000) })
  process.exitCode = await runTests(['test/attacks/attacks.test.ts'], TIMEOUT)
}
