import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { checkCommand } from '../../src/commands/check.ts'

/** Real mistakes, made small; the README there says what each file holds. `UPDATE=1` writes what is said. */
const FOLDER = join(import.meta.dirname, '../cases')
const UPDATE = process.env['UPDATE'] === '1'

for (const { name } of readdirSync(FOLDER, { withFileTypes: true }).filter(entry => entry.isDirectory())) {
  t.test(name.replaceAll('-', ' '), async t => {
    const expected = join(FOLDER, name, 'transcript.txt')
    const said = await runIn(join(FOLDER, name))
    if (UPDATE) writeFileSync(expected, said)
    t.equal(said, readFileSync(expected, 'utf8'))
  })
}

/** What somebody sees who runs the command in this folder: both streams, one after the other, and the exit status. */
async function runIn(folder: string): Promise<string> {
  const more = existsSync(join(folder, 'flags.txt')) ? readFileSync(join(folder, 'flags.txt'), 'utf8').trim() : ''
  const config = existsSync(join(folder, 'config.yaml')) ? ['--config', 'config.yaml'] : []
  const line = ['input.yaml', ...config, ...more.split(' ').filter(word => word !== '')]
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() }
  const { exitCode } = process
  const before = process.cwd()
  process.chdir(folder)
  await checkCommand(streams).parseAsync(line, { from: 'user' })
  process.chdir(before)
  const status = process.exitCode
  // The command sets the exit status of its process, which is this test's.
  process.exitCode = exitCode
  streams.stdout.end()
  streams.stderr.end()
  return `$ regcred check ${line.join(' ')}\n${await text(streams.stdout)}${await text(streams.stderr)}exit status ${status}\n`
}
