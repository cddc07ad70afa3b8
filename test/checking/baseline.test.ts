import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { type BaselineFlags, openBaseline } from '../../src/checking/baseline.ts'
import type { Checked, CheckedFinding, CheckedObject } from '../../src/engine/checked.ts'
import { present } from '../../src/runtime/present.ts'
import { Terminal } from '../../src/runtime/terminal.ts'
import { checked, NAMESPACE, POD } from '../report/checked.ts'

const [MISSING] = POD.findings
const WEB: CheckedObject = { ...POD, plan: { ...POD.plan, add: [] } }
const ENTRY = '{"namespace":"team-a","kind":"Pod","name":"web","code":"SecretNotFound","about":"amce","count":1}'
const fileOf = (...lines: string[]) => `{"regcredBaseline": 1, "findings": [\n${lines.join(',\n')}\n]}\n`

async function write(file: string, text: string): Promise<undefined> {
  await writeFile(file, text)
}

/** What is left of a check beside a baseline, and what is said. */
async function compare(flags: BaselineFlags, all: Checked, { assumeInjection = false, isPartial = false } = {}) {
  const baseline = present(await openBaseline(flags, write))
  const stream = new PassThrough()
  const compared = baseline.compare(all, assumeInjection)
  const faults = await compared.end(new Terminal(stream), isPartial)
  const { objects } = compared.checked
  return {
    left: objects.flatMap(({ findings }) => findings.map(({ code, secret, image }) => [code, secret ?? image ?? ''])),
    added: objects.flatMap(({ plan }) => plan.add.map(({ secret }) => secret)),
    said: String(stream.read() ?? ''),
    faults,
  }
}

function baselineIn(t: Pick<Test, 'testdir'>, text?: string): string {
  return join(t.testdir(text === undefined ? {} : { 'b.json': text }), 'b.json')
}

t.test('what is found now is written sorted, one finding a line, and left out from then on', async t => {
  const baseline = baselineIn(t)
  const first = await compare({ baseline, updateBaseline: true }, checked(POD, WEB, NAMESPACE))
  t.match(first, { left: [], added: [], faults: [] })
  t.equal(first.said, `regcred: the baseline ${baseline} now has 4 findings: 4 added, 0 removed\n`)
  t.equal(
    readFileSync(baseline, 'utf8'),
    fileOf(
      '{"namespace":"","kind":"Namespace","name":"team-a","code":"LabelInvalid","about":"","count":1}',
      ENTRY.replace('1}', '2}'),
      '{"namespace":"team-a","kind":"Pod","name":"web","code":"WouldInject","about":"acme","count":1}',
    ),
  )
  const again = await compare({ baseline }, checked(NAMESPACE, WEB, POD))
  t.match(again, { left: [], added: [], faults: [] })
  t.equal(again.said, `regcred: left out 4 findings of the baseline ${baseline}\n`)
})

t.test('a new finding is left, and of the same one more often than it is known the last', async t => {
  const baseline = baselineIn(t, fileOf(ENTRY))
  const other: CheckedFinding = { ...present(MISSING), secret: 'hub' }
  const { left, said } = await compare({ baseline }, checked({ ...WEB, findings: [...WEB.findings, other] }, WEB))
  t.strictSame(left, [
    ['SecretNotFound', 'hub'],
    ['SecretNotFound', 'amce'],
  ])
  t.equal(said, `regcred: left out 1 finding of the baseline ${baseline}\n`)
})

t.test('lines and files may move, and a release change the tag of an image; nothing else may', async t => {
  const finding = (image: string): CheckedFinding => {
    const { secret: _, ...rest } = present(MISSING)
    return { ...rest, code: 'ImageNotCovered', image }
  }
  const of = (image: string, file = 'web.yaml') => {
    return checked({ ...WEB, manifest: { ...WEB.manifest, file, line: 7 }, findings: [finding(image)] })
  }
  const baseline = baselineIn(t)
  await compare({ baseline, updateBaseline: true }, of('reg.example.com:5000/web:1'))
  const leftOf = async (image: string) => (await compare({ baseline }, of(image, 'other.yaml'))).left.length
  t.equal(await leftOf('reg.example.com:5000/web:2'), 0)
  t.equal(await leftOf(`reg.example.com:5000/web:2@sha256:${'a'.repeat(64)}`), 0)
  t.equal(await leftOf('reg.example.com:5000/web'), 0)
  t.equal(await leftOf('reg.example.com/web:1'), 1)
})

t.test('entries that no longer occur are told, unless something could not be read', async t => {
  const more = ENTRY.replace('amce', 'hub')
  const baseline = baselineIn(t, fileOf(ENTRY, more, ENTRY.replace('amce', 'old').replace('1}', '9}')))
  const { said } = await compare({ baseline }, checked(WEB))
  t.equal(
    said,
    [
      `regcred: left out 1 finding of the baseline ${baseline}`,
      'regcred: 2 entries of the baseline are no longer found; --update-baseline removes them\n',
    ].join('\n'),
  )
  t.notMatch((await compare({ baseline }, checked(WEB), { isPartial: true })).said, /no longer/)
  const broken = { ...checked(WEB), errors: [{ file: 'a.yaml', message: 'is broken' }] }
  t.notMatch((await compare({ baseline }, broken)).said, /no longer/)
  await writeFile(baseline, fileOf(ENTRY, more))
  t.match(
    (await compare({ baseline }, checked(WEB))).said,
    /: 1 entry of the baseline is no longer found; .* removes it\n/,
  )
  const { said: updated } = await compare({ baseline, updateBaseline: true }, checked(WEB))
  t.equal(updated, `regcred: the baseline ${baseline} now has 1 finding: 0 added, 1 removed\n`)
})

t.test('it is not updated where something could not be read, and holds as it was', async t => {
  const text = fileOf(ENTRY)
  const baseline = baselineIn(t, text)
  const broken = { ...checked(POD), errors: [{ file: 'a.yaml', message: 'is broken' }] }
  const { left, added, said } = await compare({ baseline, updateBaseline: true }, broken)
  t.strictSame([left, added], [[], ['acme']])
  t.equal(said, `regcred: ${baseline} is not updated, because not everything could be read\n`)
  await compare({ baseline, updateBaseline: true }, checked(POD), { isPartial: true })
  await compare({ baseline, updateBaseline: true }, checked())
  t.equal(readFileSync(baseline, 'utf8'), text)
})

t.test('what would be added is no finding where it counts as added', async t => {
  const baseline = baselineIn(t, '')
  const { added } = await compare({ baseline, updateBaseline: true }, checked(POD), { assumeInjection: true })
  t.strictSame(added, ['acme'])
  t.notMatch(readFileSync(baseline, 'utf8'), /WouldInject/)
})

t.test('a file that another program has formatted, or in which a merge left a finding twice, is read', async t => {
  const baseline = baselineIn(t, JSON.stringify(JSON.parse(fileOf(ENTRY, ENTRY.replace('1}', '2}'), ENTRY)), null, 4))
  t.strictSame((await compare({ baseline }, checked(WEB, WEB, WEB))).left.length, 1)
})

t.test('hostile names come back as they were, and none of them ends a line', async t => {
  const name = 'a\u2028"},\n{"\u202e__proto__\ud800'
  const object = { ...WEB, name, namespace: '__proto__' }
  const baseline = baselineIn(t)
  await compare({ baseline, updateBaseline: true }, checked(object))
  const text = readFileSync(baseline, 'utf8')
  t.match(text, /^[\n\x20-\x7e]+$/)
  t.equal(text.split('\n').length, 4)
  t.strictSame((await compare({ baseline }, checked(object))).left, [])
})

t.test('what is no baseline is said, and never written over', async t => {
  const manifest = 'apiVersion: v1\nkind: Pod\n'
  const broken = fileOf(ENTRY).replace('\n', '\n<<<<<<< HEAD\n')
  for (const text of [
    manifest,
    '[]',
    '{"regcredBaseline": 2, "findings": []}',
    fileOf('{"code":"A","count":"many"}'),
    fileOf('{"count":1}'),
    broken,
  ]) {
    const baseline = baselineIn(t, text)
    const isOurs = text.startsWith('{')
    const advice = isOurs
      ? 'write it again with --update-baseline'
      : 'name another file, and add --update-baseline to write it'
    await t.rejects(openBaseline({ baseline }, write), {
      message: `${baseline} is not a baseline of regcred check; ${advice}`,
    })
    const update = openBaseline({ baseline, updateBaseline: true }, write)
    if (isOurs) t.ok(await update)
    else await t.rejects(update, /is not a baseline/)
    t.equal(readFileSync(baseline, 'utf8'), text)
  }
})

t.test('flags and files that cannot be are one sentence', async t => {
  t.equal(await openBaseline({}, write), undefined)
  await t.rejects(openBaseline({ updateBaseline: true }, write), { message: '--update-baseline needs --baseline FILE' })
  const baseline = baselineIn(t)
  await t.rejects(openBaseline({ baseline }, write), {
    message: `there is no file ${baseline}; add --update-baseline to write it`,
  })
  const folder = t.testdir({ a: {} })
  await t.rejects(openBaseline({ baseline: folder, updateBaseline: true }, write), {
    message: `cannot read ${folder} (EISDIR); check the path and its permissions`,
  })
  await t.rejects(openBaseline({ baseline: '/dev/zero' }, write), {
    message: '/dev/zero is larger than 32 MiB; check fewer files at once',
  })
})

t.test('one that cannot be written is a fault', async t => {
  const baseline = baselineIn(t)
  const failing = present(await openBaseline({ baseline, updateBaseline: true }, async () => 'no space left on device'))
  const err = new Terminal(new PassThrough())
  t.strictSame(await failing.compare(checked(WEB), false).end(err, false), [
    `cannot write ${baseline}: no space left on device`,
  ])
  const long = { ...WEB, name: 'x'.repeat(33 * 1024 * 1024) }
  t.strictSame(await failing.compare(checked(long), false).end(err, false), [
    `cannot write ${baseline}: it would be larger than 32 MiB; check fewer files at once`,
  ])
})
