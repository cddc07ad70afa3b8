import fc from 'fast-check'
import t, { type Test } from 'tap'
import { canPullCommand } from '../../../src/commands/can-pull/can-pull.ts'
import { inspectCommand } from '../../../src/commands/inspect/inspect.ts'
import { holdsInvisible, hostileText } from '../../runtime/hostile-text.ts'
import { secretOf, standFor } from '../ask/asked-cluster.ts'
import { authOf, objectOf } from '../ask/objects.ts'
import { runCommand } from '../ask/run-command.ts'

const isClean = (lines: string) => !holdsInvisible(lines.replaceAll('\n', ''))
/** Long enough that no other word holds it by chance. */
const password = fc.string({ unit: fc.constantFrom(...'abcdefXYZ0189+/='), minLength: 16, maxLength: 40 })

t.test('no password, token or auth is in any output, whatever the entry is', async () => {
  const shapes = (secret: string, word: string): readonly object[] => [
    { username: word, password: secret },
    { auth: authOf(word.replaceAll(':', ''), secret) },
    { auth: Buffer.from(secret).toString('base64') },
    { auth: `%${secret}` },
    { password: secret, email: secret },
    { username: 'u', password: secret, identitytoken: secret, registrytoken: secret },
    { username: 'u', password: `${secret}\n` },
    { username: 5, password: secret },
    { auth: authOf('u', secret), password: [secret] },
    { username: secret, password: `${secret}\n` },
    { auth: authOf(secret, secret) },
  ]
  await fc.assert(
    fc.asyncProperty(password, hostileText, fc.nat(10), fc.nat(3), async (secret, word, shape, place) => {
      const key =
        ['ghcr.io', `https://u:${secret}@ghcr.io/a?t=${secret}#${secret}`, `u:${secret}@ghcr.io`, `ghcr.io/${word}`][
          place
        ] ?? ''
      const entry = shapes(secret, word)[shape]
      const config = {
        auths: { [key]: entry, 'quay.io': { auth: authOf('u', secret) } },
        credsStore: `a ${secret}`,
        credHelpers: { 'gcr.io': `b ${secret}` },
        HttpHeaders: { a: secret },
      }
      const manifest = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a', annotations: { b: secret } },
        type: 'Opaque',
        data: { b: Buffer.from(JSON.stringify(config)).toString('base64') },
      }
      const inputs = [config, { ...manifest, type: 'kubernetes.io/dockerconfigjson' }, manifest]
      const encoded = Buffer.from(secret).toString('base64').slice(0, 12)
      for (const input of inputs.map(one => JSON.stringify(one))) {
        for (const args of [['-'], ['-', '-o', 'json'], ['-', '--image', 'ghcr.io/a/b', '--all']]) {
          const { out, err } = await runCommand(inspectCommand, args, input)
          const said = out + err
          if (said.includes(secret) || said.includes(encoded) || !isClean(said)) return false
          if (args.includes('json') && out !== '') JSON.parse(out)
        }
        for (const args of [[], ['-o', 'json']]) {
          const { out, err } = await runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-', ...args], input)
          const said = out + err
          if (said.includes(secret) || said.includes(encoded) || !isClean(said)) return false
        }
      }
      return true
    }),
    { numRuns: 150 },
  )
})

t.test('names of a cluster are shown, and control nothing', async t => {
  const word = 'a\u001b[2J\u202e\nregcred: forged'
  const secret = {
    ...secretOf('acme', { auths: { [`ghcr.io/${word}`]: { username: word, password: 'p' } } }),
    type: 'kubernetes.io/dockerconfigjson',
  }
  const root = '/api/v1/namespaces/default'
  const { kubeconfig } = await standFor(t, {
    [`${root}/secrets`]: [secret],
    [`${root}/serviceaccounts`]: [
      objectOf(word, { imagePullSecrets: [{ name: 'acme' }] }),
      objectOf('default', { imagePullSecrets: [{ name: word }] }),
    ],
    [`${root}/pods`]: [
      objectOf('p', { spec: { containers: [{ name: word, image: word }], imagePullSecrets: [{ name: word }] } }),
    ],
  })
  for (const [make, ...args] of [
    [inspectCommand, 'acme'],
    [inspectCommand, word],
    [inspectCommand, 'acme', '--image', word],
    [canPullCommand, 'ghcr.io/a'],
    [canPullCommand, word],
    [canPullCommand, '--as', 'pod/p'],
    [canPullCommand, '--as', word],
    [canPullCommand, 'nginx', '--secret', word],
    [canPullCommand, '--as', `pod/${word}`],
  ] as const) {
    const { out } = await runCommand(make, [...args, '--kubeconfig', kubeconfig])
    t.ok(!holdsInvisible(out.replaceAll('\n', '')), args.join(' '))
    t.notMatch(out, /^regcred: forged/m)
  }
})

/** A docker config of so many entries, the last of which does not work. */
function large(entries: number, pad = ''): string {
  const auths = Object.fromEntries(
    Array.from({ length: entries }, (_, i) => [
      `r${i}.example.com${pad}`,
      { auth: authOf(`user${i}`, `password-of-${i}`) },
    ]),
  )
  return JSON.stringify({ auths: { ...auths, 'hub.docker.com': { auth: authOf('a', 'b') } } })
}

async function linesOf(test: Test, input: string, ...args: string[]): Promise<readonly string[]> {
  const { out, status } = await runCommand(inspectCommand, ['-', ...args], input)
  test.equal(status, 1)
  return out.trimEnd().split('\n')
}

t.test('of ten thousand entries twenty are shown, and the rest is counted, with what does not work', async t => {
  const lines = await linesOf(t, large(10_000))
  t.ok(lines.length < 40, `${lines.length} lines`)
  t.ok(lines.includes('and 9981 more, 1 of which do not work (--all)'))
  const all = await linesOf(t, large(10_000), '--all')
  t.ok(all.some(line => line.startsWith('r9999.example.com ')))
  const json = await runCommand(inspectCommand, ['-', '-o', 'json'], large(10_000))
  t.equal(JSON.parse(json.out).inspected[0].entries.length, 10_001)
})

t.test('a docker config of three megabytes is read like any other', async t => {
  const input = large(12_000, `/${'a'.repeat(200)}`)
  t.ok(input.length > 3_000_000)
  t.ok((await linesOf(t, input)).length < 200)
  const { status, out } = await runCommand(canPullCommand, [`r7.example.com/${'a'.repeat(200)}/b`, '-f', '-'], input)
  t.match({ status, out }, { status: 0, out: /^yes - / })
})

t.test('of many Secrets twenty are shown, and of many entries for an image twenty', async t => {
  const items = Array.from({ length: 300 }, (_, i) => ({
    ...secretOf(
      `s${String(i).padStart(3, '0')}`,
      i === 299 ? '{}' : { auths: { 'ghcr.io': { auth: authOf(`u${i}`, 'p') } } },
    ),
  }))
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const { out, status } = await runCommand(inspectCommand, ['-'], input)
  t.equal(out.match(/^Secret /gm)?.length, 20)
  t.match(out, /\nand 280 more, 1 of which do not work \(--all\)\n$/)
  t.equal(status, 1)
  const pull = await runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-'], input)
  t.equal(pull.out.match(/ user name and password$/gm)?.length, 20)
  t.match(pull.out, '  and 279 more (--all)\n')
  const all = await runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-', '--all'], input)
  t.equal(all.out.match(/ user name and password$/gm)?.length, 299)
})

t.test('a namespace of many Secrets is listed page by page, and used by many', async t => {
  const root = '/api/v1/namespaces/default'
  const secrets = Array.from({ length: 1500 }, (_, i) =>
    secretOf(`s${i}`, { auths: { 'ghcr.io': { auth: authOf('u', 'p') } } }),
  )
  const pods = Array.from({ length: 700 }, (_, i) =>
    objectOf(`p${i}`, { spec: { imagePullSecrets: [{ name: 's0' }] } }),
  )
  const { kubeconfig, asked } = await standFor(t, { [`${root}/secrets`]: secrets, [`${root}/pods`]: pods })
  const { out, status } = await runCommand(inspectCommand, ['--kubeconfig', kubeconfig])
  t.equal(status, 0)
  t.equal(out.match(/^Secret /gm)?.length, 20)
  t.match(out, /\nand 1480 more, 0 of which do not work \(--all\)\n$/)
  t.match(out.replaceAll(/\s+/g, ' '), /Pod p9 and 690 more\./)
  t.ok(asked.filter(path => path.endsWith('/secrets type=kubernetes.io/dockerconfigjson')).length > 2)
})
