import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { outcomeOf, spawnRegcred } from './spawn.ts'

const CASES = join(import.meta.dirname, 'check-configuration')

/**
 * What people type in a repository with a configuration, and what is printed: a folder of each case holds the repository, and its
 * `transcript.txt` the commands, each with what it prints and its exit status. UPDATE=1 rewrites those; verify the diff.
 */
for (const name of readdirSync(CASES)) {
  t.test(`as it is written down: ${name}`, async t => {
    const file = join(CASES, name, 'transcript.txt')
    const written = readFileSync(file, 'utf8')
    const commands = [...written.matchAll(/^\$ regcred (.*)$/gm)].map(([, command = '']) => command)
    const repository = t.testdir({ '.git': {} })
    cpSync(join(CASES, name, 'repository'), repository, { recursive: true })
    const said = await Promise.all(commands.map(command => transcriptOf(command, repository)))
    if (process.env['UPDATE'] === '1') writeFileSync(file, said.join('\n'))
    t.equal(said.join('\n'), readFileSync(file, 'utf8'))
  })
}

async function transcriptOf(command: string, cwd: string): Promise<string> {
  const { out, err, status } = await outcomeOf(spawnRegcred(command.split(' '), [], {}, cwd))
  return `$ regcred ${command}\n${out}${err}exit status ${status}\n`
}
