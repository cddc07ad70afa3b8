import { once } from 'node:events'
import { readFileSync, statSync, utimesSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { endProcess, spawnGuarded } from './processes/guard.ts'

const ROOT = join(import.meta.dirname, '..')
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

t.test('npm run dev serves the examples, and starts again when one of them changes', async t => {
  const [node, ...args]: string[] = scripts.dev.split(' ')
  t.equal(node, 'node')
  const dev = spawnGuarded(process.execPath, args, { cwd: ROOT, output: 'pipe' })
  t.teardown(() => endProcess(dev, 5_000))
  if (dev.stdout === null) throw new Error('its output is a pipe')
  const lines = createInterface({ input: dev.stdout })[Symbol.asyncIterator]()
  const url = async () => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error('it ended')
      const [found] = /https:\S+(?=;)/.exec(value) ?? []
      if (found !== undefined) return found
    }
  }

  const first = await url()
  t.equal(await statusOf(`${first}/readyz`), 200)
  // A change for whoever watches, and none for git.
  const example = join(ROOT, 'examples/regcred.yaml')
  const { atime, mtime } = statSync(example)
  utimesSync(example, atime, mtime)
  t.equal(await statusOf(`${await url()}/readyz`), 200)
})

async function statusOf(url: string): Promise<number | undefined> {
  const request = get(url, { rejectUnauthorized: false, agent: false })
  const [response] = await once(request, 'response')
  response.resume()
  return response.statusCode
}
