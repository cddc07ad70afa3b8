import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Stored, startCluster } from '../commands/ask/stored-cluster.ts'
import { outcomeOf, ROOT } from '../commands/spawn.ts'
import { spawnGuarded } from '../processes/guard.ts'
import { draw } from './draw.ts'

/*
 * The pictures of the README: what the commands print today, run as processes. `UPDATE=1` draws them anew; look at them.
 */

const HOST = 'your.private.registry.example.com'
const IMAGE = `${HOST}/janedoe/jdoe-private:v1`
const namespace = 'team-a'
const container = { name: 'private-reg-container', image: IMAGE }
const secret = (name: string, type: string, host: string): Stored => {
  const config = JSON.stringify({ auths: { [host]: { username: 'janedoe', password: 'not-a-password' } } })
  const data = { '.dockerconfigjson': Buffer.from(config).toString('base64') }
  return { kind: 'Secret', metadata: { name, namespace }, type, data }
}
const message = `Back-off pulling image "${IMAGE}": failed to resolve reference: unexpected status from HEAD request: 401 Unauthorized`
const waiting = { waiting: { reason: 'ImagePullBackOff', message } }

/** A cluster with the mistakes of the walkthrough in it. */
const objects: readonly Stored[] = [
  { kind: 'Namespace', metadata: { name: namespace } },
  { kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
  secret('regcred', 'kubernetes.io/dockerconfigjson', HOST),
  {
    kind: 'Pod',
    metadata: { name: 'private-reg', namespace, ...{ uid: 'private-reg' } },
    spec: { serviceAccountName: 'default', containers: [container], imagePullSecrets: [{ name: 'regcerd' }] },
    status: { containerStatuses: [{ ...container, state: waiting }] },
  },
]

const pictures = [
  { name: 'check', command: 'regcred check k8s/', status: 1 },
  { name: 'inspect', command: 'regcred inspect k8s/secrets.yaml', status: 1 },
  { name: 'why', command: 'kubectl regcred why private-reg', status: 1 },
] as const

const { kubeconfig } = await startCluster(t, objects)

/** What a command writes to a terminal. */
async function run(command: string) {
  const args = command.replace(/^(?:kubectl )?regcred /, '').split(' ')
  const env = { ...process.env, KUBECONFIG: kubeconfig, FORCE_COLOR: '1', GITHUB_ACTIONS: undefined }
  const options = { cwd: import.meta.dirname, env, output: 'pipe' } as const
  const child = spawnGuarded(process.execPath, [join(ROOT, 'src/cli.ts'), ...args], options)
  return await outcomeOf(child as Parameters<typeof outcomeOf>[0])
}

for (const { name, command, status } of pictures) {
  t.test(`docs/pictures/${name}.svg is what ${command} prints`, async t => {
    const outcome = await run(command)
    t.equal(outcome.status, status, outcome.err)
    t.notMatch(outcome.out, 'not-a-password')
    const wanted = draw(command, outcome.out)
    const file = join(ROOT, `docs/pictures/${name}.svg`)
    if (process.env['UPDATE'] === '1') writeFileSync(file, wanted)
    t.equal(readFileSync(file, 'utf8'), wanted, 'UPDATE=1 draws it anew')
    t.match(readFileSync(join(ROOT, 'README.md'), 'utf8'), `](docs/pictures/${name}.svg)`)
  })
}

t.test('what is drawn is text, whatever it is', async t => {
  const svg = draw('a <b> & "c"', '\x1b[31mred\x1b[39m <script>\n\n\x1b[1mbold\x1b[22m\n')
  t.match(svg, '<title>What a &lt;b&gt; &amp; &quot;c&quot; prints</title>')
  t.match(svg, '<tspan class="r">red</tspan> &lt;script&gt;</text>')
  t.match(svg, '<tspan class="b">bold</tspan>')
  t.notOk(svg.includes('<script') || svg.includes('\x1b'))
})
