import { globSync, readFileSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { Agent, request } from 'undici'
import { createAuthority } from '../../tls/pki.ts'
import { startContainer } from './container.ts'
import { assembleImage } from './image.ts'

const ROOT = join(import.meta.dirname, '../../..')
const folder = t.testdir({ steps: {}, container: {}, files: {} })
const image = await assembleImage(join(folder, 'steps'))
const app = join(image.root, 'app')
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

t.test('it adds the package to its base, and nothing more', async t => {
  t.strictSame(globSync('*', { cwd: image.root }), ['app'])
  t.strictSame(globSync('*', { cwd: app }).sort(), [
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES', 'bin', 'dist', 'docs', 'examples'],
    ...['package.json', 'sbom.cdx.json'],
  ])
  t.strictSame(globSync('**/{.npmrc,*.key,*.ts,*.map}', { cwd: app }), [])
})

t.test('it is small', async t => {
  const bytes = globSync('**', { cwd: image.root, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0)
  t.ok(bytes < 8e6, `${Math.round(bytes / 1e6)} MB beside the base image`)
})

t.test('its bill of materials names every package that is in it', async t => {
  const { components } = JSON.parse(readFileSync(join(app, 'sbom.cdx.json'), 'utf8'))
  const notices = readFileSync(join(app, 'THIRD-PARTY-NOTICES'), 'utf8')
  const bundled = [...notices.matchAll(/^-{100}\n(\S+) /gm)].map(([, name]) => name)
  t.ok(bundled.includes('fastify'))
  t.strictSame(components.map(({ name }: { name: string }) => name).sort(), bundled.sort())
})

t.test('it is labelled, and runs as a user without a name', async t => {
  t.match(image.labels, 'org.opencontainers.image.source=')
  t.equal(image.user, '65532:65532')
  t.match(image.base, /^gcr\.io\/distroless\/nodejs24-[^:]*:nonroot@sha256:/)
})

t.test(
  'it serves from a tree that nobody can write, as a user who may nothing',
  { skip: process.platform !== 'linux' },
  async t => {
    const authority = await createAuthority('image test')
    const { certificate, key } = await authority.issueServer([])
    const files = join(folder, 'files')
    await cp(join(ROOT, 'examples'), join(files, 'cluster'), { recursive: true })
    await writeFile(join(files, 'tls.crt'), certificate)
    await writeFile(join(files, 'tls.key'), key, { mode: 0o644 })
    const component = startContainer({
      name: 'regcred',
      folder: join(folder, 'container'),
      image,
      args: [
        ...[
          'serve',
          '--manifests=/etc/test/cluster',
          '--bind-address=127.0.0.1',
          '--secure-port=0',
          '--metrics-port=0',
        ],
        ...['--tls-cert-file=/etc/test/tls.crt', '--tls-private-key-file=/etc/test/tls.key'],
      ],
      env: {},
      mounts: { '/etc/test': files },
      readOnly: true,
    })
    t.teardown(() => component.stop(0))
    const line = await component.waitUntil('it serves', async () =>
      readFileSync(component.log, 'utf8')
        .split('\n')
        .find(line => line.includes('"serving"')),
    )
    const { address, version: said } = JSON.parse(line)
    t.equal(said, version)
    const isIt = (pid: string) =>
      readProcess(pid, 'cmdline').startsWith(`node\0/app/bin/regcred.js\0serve\0--manifests=/etc/test`)
    const pid = globSync('[0-9]*', { cwd: '/proc' }).find(isIt) ?? ''
    const status = readProcess(pid, 'status')
    t.match(status, /^NoNewPrivs:\t1$/m)
    t.match(status, /^CapBnd:\t0+$/m)
    if (process.getuid?.() === 0) t.match(status, /^Uid:\t65532\t65532\t65532\t65532$/m)
    t.match(readProcess(pid, 'mounts'), /^tmpfs \S+ tmpfs ro[, ]/m)
    const dispatcher = new Agent({ connect: { ca: authority.certificate } })
    t.teardown(() => dispatcher.close())
    const { statusCode } = await request(`${address}/readyz`, { dispatcher })
    t.equal(statusCode, 200)
    t.equal(await component.stop(30_000), 0)
  },
)

/** What the system says of a process; nothing, once it is gone. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
