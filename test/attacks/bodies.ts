import { filling, many, pod, REVIEW_BYTES, reviewOf } from './objects.ts'
import type { Shape } from './shapes.ts'

const SMALL = pod('default', { images: ['r.example.com/web'] })

/** A review with something in its object that nobody looks at, given as JSON. */
function around(json: string): string {
  return reviewOf({ ...SMALL, nothing: '@' }).replace('"@"', () => json)
}

function nest(open: string, close: string): string {
  const depth = Math.floor((REVIEW_BYTES - 2000) / (open.length + close.length))
  return `${open.repeat(depth)}1${close.repeat(depth)}`
}

const SIZE = REVIEW_BYTES - 2000

const contents: Readonly<Record<string, () => string | Buffer>> = {
  'lists in lists': () => around(nest('[', ']')),
  'objects in objects': () => around(nest('{"a":', '}')),
  'three million numbers': () => around(`[${'1,'.repeat(SIZE / 2)}1]`),
  'empty objects': () => around(`[${'{},'.repeat(SIZE / 3)}{}]`),
  'different keys': () => around(`{${filling(SIZE, i => `"${i.toString(36)}":0`)}}`),
  'one key again and again': () => around(`{${'"a":0,'.repeat(SIZE / 6)}"b":0}`),
  'escaped characters': () => around(`"${'\\u0061'.repeat(SIZE / 6)}"`),
  'characters beyond ASCII': () => around(`"${'😀'.repeat(SIZE / 4)}"`),
  'long numbers': () => around(`[${filling(SIZE, () => '1'.repeat(400))}]`),
  'not JSON': () => '['.repeat(SIZE),
  'not UTF-8': () => Buffer.alloc(SIZE, 0xff),
  'groups of its author': () =>
    reviewOf(SMALL, { userInfo: { username: 'jane', groups: many(400_000, i => `g${i}`) } }),
  'more about its author': () =>
    reviewOf(SMALL, { userInfo: { username: 'jane', extra: { a: many(400_000, i => `e${i}`) } } }),
  options: () => reviewOf(SMALL, { options: { a: 'x'.repeat(SIZE - 1000) } }),
  'a kind that is not reviewed': () =>
    reviewOf({ kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'x'.repeat(SIZE - 1000) } }),
  'containers without an image': () =>
    reviewOf({ ...SMALL, spec: { containers: many(300_000, i => ({ name: `c${i}` })) } }),
  references: () => reviewOf({ ...SMALL, spec: { imagePullSecrets: many(300_000, i => ({ name: `s${i}` })) } }),
  containers: () =>
    reviewOf({
      ...SMALL,
      spec: { containers: many(100_000, i => ({ name: `c${i}`, image: `r${i}.example.com/web` })) },
    }),
  'a Namespace': () =>
    reviewOf({
      kind: 'Namespace',
      metadata: { name: 'a', labels: Object.fromEntries(many(400_000, i => [`l${i}`, ''])) },
    }),
}

/** Reviews as large as they are taken, of whoever can connect. */
export const bodies: readonly Shape[] = Object.entries(contents).map(([name, body]) => ({
  name: `a body of 24 MiB: ${name}`,
  to: '/validate',
  body,
}))
