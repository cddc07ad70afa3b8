import t from 'tap'
import { Body } from '../../src/http/body.ts'
import { Decoder } from '../../src/http/decoder.ts'

/** A review of a Pod with an annotation of so many characters, of which each is two bytes. */
function reviewOf(length: number, kind: unknown = 'Pod'): Buffer {
  const object = { metadata: { name: 'web', annotations: { a: 'é'.repeat(length) } }, spec: {} }
  const request = { uid: 'u-1', kind: { group: '', version: 'v1', kind }, operation: 'CREATE', object }
  return Buffer.from(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }))
}

/** A body that came in two pieces, of which one cuts a character in two. */
function bodyOf(bytes: Buffer, copy: (piece: Buffer) => Buffer = withMemory): Body {
  const middle = bytes.indexOf('é') + 1
  return new Body([copy(bytes.subarray(0, middle)), copy(bytes.subarray(middle))], bytes.length)
}

/** As pieces come from a connection: each with memory of its own. */
function withMemory(piece: Buffer): Buffer {
  return Buffer.from(new Uint8Array(piece).buffer)
}

/** A deadline. */
const LATER = performance.now() + 600_000
const TEMPLATES = [{ group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }]

t.test('a large review is taken apart as a small one is', async t => {
  const decoder = new Decoder()
  t.teardown(() => decoder.close())
  const { decoded: small } = await decoder.decode(bodyOf(reviewOf(1)), 'validate', TEMPLATES, LATER)
  t.match(small, { ok: true, review: { uid: 'u-1', title: 'Pod web', subject: { about: 'pod' } } })
  const body = bodyOf(reviewOf(1_000_000))
  const large = await decoder.decode(body, 'validate', TEMPLATES, LATER)
  t.strictSame(large, { decoded: small, steps: 0.2 * 65_536 }, 'no more of it is charged')
  t.strictSame(
    body.pieces.map(({ length }) => length),
    [0, 0],
    'it was handed to a worker, and nothing was copied',
  )
  t.strictSame(
    await decoder.decode(bodyOf(reviewOf(1_000_000), Buffer.from), 'validate', TEMPLATES, LATER),
    large,
    'memory that is shared',
  )
  const [cut, odd] = await Promise.all([
    decoder.decode(bodyOf(reviewOf(1_000_000).subarray(0, -1)), 'validate', TEMPLATES, LATER),
    decoder.decode(bodyOf(reviewOf(1_000_000, 7)), 'validate', TEMPLATES, LATER),
  ])
  t.match(cut.decoded, { ok: false, error: 'NOT_JSON' })
  t.match(odd.decoded, { ok: false, error: 'NOT_A_REVIEW', fault: 'request.kind.kind must be a string' })
})

t.test('what is large does not wait for what is larger', async t => {
  const decoder = new Decoder()
  t.teardown(() => decoder.close())
  const ended: string[] = []
  const decode = async (name: string, length: number) => {
    await decoder.decode(bodyOf(reviewOf(length)), 'validate', TEMPLATES, LATER)
    ended.push(name)
  }
  t.strictSame(
    [30_000, 40_000].map(length => decoder.isLarge(bodyOf(reviewOf(length)))),
    [false, true],
  )
  // Many, since a thread takes its time to start where others are busy.
  const huge = Array.from({ length: 12 }, (_, i) => decode(`huge ${i}`, 3_000_000))
  await Promise.all([...huge, decode('large', 40_000)])
  t.not(ended.at(-1), 'large')
})

t.test('of a body of middling size is charged what there is in it', async t => {
  const decoder = new Decoder()
  t.teardown(() => decoder.close())
  const steps = async (bytes: Buffer) =>
    (await decoder.decode(new Body([bytes], bytes.length), 'validate', [], LATER)).steps
  const brackets = Buffer.from('['.repeat(10_000))
  t.equal(await steps(brackets), 0.2 * 10_000 + 1.6 * 10_000)
  t.equal(await steps(brackets.subarray(0, 8000)), 0.2 * 8000, 'small ones are not counted')
  const text = reviewOf(10_000)
  t.ok((await steps(text)) < 0.3 * text.length, 'nearly all of it is one text')
})

t.test('middling bodies are parsed one at a turn of the event loop, and small ones go between', async t => {
  const decoder = new Decoder()
  t.teardown(() => decoder.close())
  const order: string[] = []
  const decode = async (name: string, length: number, deadline = LATER) => {
    await decoder.decode(bodyOf(reviewOf(length)), 'validate', TEMPLATES, deadline)
    order.push(name)
  }
  const late = decode('late', 10_000, performance.now() - 1)
  const middling = [1, 2, 3].map(i => decode(`middling ${i}`, 10_000))
  const small = decode('small', 1)
  await Promise.all([late, small])
  t.strictSame(order.sort(), ['late', 'small'], 'nobody is turned away who need not wait')
  await Promise.all(middling)
  t.strictSame(order.slice(2), ['middling 1', 'middling 2', 'middling 3'])
  const first = decode('first', 10_000)
  await t.rejects(decode('too late', 10_000, performance.now() - 1))
  await first
})
