import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { pairsOfFiles } from '../../src/tls/files.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import { loadPair } from '../../src/tls/load.ts'
import type { Pair } from '../../src/tls/pair.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const HOUR = 3_600_000
const issue = () => issueCertificate(['localhost'], { now: NOW, lifetime: 2 * HOUR })
const [first, second] = [await issue(), await issue()]

/** A watch alone keeps no process running; here it has to. */
const alive = setInterval(() => {}, 3_600_000)
t.teardown(() => clearInterval(alive))

t.test('the swap of ..data that the kubelet makes is noticed by event, and both files are taken together', async t => {
  const folder = t.testdir({
    '..1': { 'tls.crt': first.cert, 'tls.key': first.key },
    '..data': t.fixture('symlink', '..1'),
    'tls.crt': t.fixture('symlink', '..data/tls.crt'),
    'tls.key': t.fixture('symlink', '..data/tls.key'),
  })
  const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') }
  const found = await loadPair(files, NOW, ['localhost'])
  if (!found.ok) throw new Error(found.fault)
  const faults: string[] = []
  // Longer than any test: only an event can be what calls for the second look.
  const timing = { pollInterval: HOUR, settleTime: 1 }
  const names = ['localhost']
  const source = pairsOfFiles({
    files,
    first: found,
    names,
    onFault: fault => faults.push(fault),
    now: () => NOW,
    ...timing,
  })
  const served: Pair[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  source.start(pair => {
    if (served.push(pair) === 2) resolve()
  })
  mkdirSync(join(folder, '..2'))
  writeFileSync(join(folder, '..2/tls.crt'), second.cert)
  writeFileSync(join(folder, '..2/tls.key'), second.key)
  symlinkSync('..2', join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  await promise
  t.strictSame(
    served,
    [first, second].map(({ cert, key }) => ({ cert, key })),
  )
  t.strictSame(faults, [])
  await source.stop()
})

t.test('a source that was never started can be stopped', async t => {
  const files = { certFile: 'a', keyFile: 'b' }
  const value = { cert: first.cert, key: first.key }
  const source = pairsOfFiles({ files, first: { ok: true, value, digest: '' }, names: [], onFault: () => undefined })
  await source.stop()
  t.ok(source.health().ok)
})
