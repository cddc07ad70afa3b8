import {
  dockerConfig,
  filling,
  type KubeObject,
  many,
  OBJECT_BYTES,
  pullSecret,
  reviewOf,
  STORED_BYTES,
} from './objects.ts'
import type { Shape } from './shapes.ts'

/** Of contents, so that the review of its Secret is as large as an API server takes it: base64 makes four bytes of three. */
const CONTENT_BYTES = (OBJECT_BYTES * 3) / 4 - 1000

function written(name: string, contents: () => string, more?: (secret: KubeObject) => object): Shape {
  const body = () => {
    const secret = dockerConfig('default', 'large', contents())
    return reviewOf(secret, more?.(secret))
  }
  return { name: `a Secret of 3 MiB: ${name}`, to: '/validate', body }
}

/** A docker config of so many bytes, with keys made like this. */
function withKeys(makeKey: (index: number) => string, entry: object = { auth: 'dTpw' }): string {
  const text = JSON.stringify(entry)
  return `{"auths":{${filling(CONTENT_BYTES - 20, i => `${JSON.stringify(makeKey(i))}:${text}`)}}}`
}

const entries = {
  'keys that are no glob': (i: number) => `[a-z${i}`,
  globs: (i: number) => `*.*${i}*.x*.example.com`,
  'one host': (i: number) => `r.example.com/${i}`,
  'hosts of their own': (i: number) => `${i}.example.com`,
  'hosts of 250 characters': (i: number) => `${i}.${'a.'.repeat(110)}example.com`,
  'Docker Hub, written wrong': (i: number) => `https://index.docker.io/v1/${i}`,
  'escaped characters': (i: number) => `r.example.com/${'%61'.repeat(40)}${i}`,
  'IPv6 addresses': (i: number) => `[::1]:${i % 65_536}/${i}`,
  'question marks': (i: number) => `r${'?'.repeat(60)}${i}.example.com`,
  'user names in keys': (i: number) => `https://u:p@r${i}.example.com/?q#f`,
  'control characters': (i: number) => `r\u0000\u202e${i}.example.com`,
  'characters beyond ASCII': (i: number) => `${'ü€😀'.repeat(5)}${i}.example.com`,
}

const CONTENTS: Readonly<Record<string, () => string>> = {
  'tiny entries': () => `{"auths":{${filling(CONTENT_BYTES - 20, i => `"${i.toString(36)}":{}`)}}}`,
  'entries without credentials': () => withKeys(i => `r${i}.example.com`, { username: 'u' }),
  'deep nesting': () => `{"auths":{"a":${'['.repeat(CONTENT_BYTES / 2)}${']'.repeat(CONTENT_BYTES / 2)}}}`,
  quotes: () => '"'.repeat(CONTENT_BYTES),
  'escapes in a string': () => `{"auths":{"a":"${'\\u0061'.repeat(CONTENT_BYTES / 6 - 10)}"}}`,
  'auths again and again': () => `{${filling(CONTENT_BYTES, i => `"auths":{"${i}":{}}`)}}`,
  'one key': () => `{"auths":{"${'a/'.repeat(CONTENT_BYTES / 2 - 20)}":{"auth":"dTpw"}}}`,
  'one password, a token of its expiry': () => {
    const payload = Buffer.from(`{"exp":1,"x":"${'x'.repeat(CONTENT_BYTES / 2)}"}`).toString('base64url')
    return JSON.stringify({ auths: { 'r.example.com': { username: 'u', password: `e30.${payload}.x` } } })
  },
  'one auth of line breaks': () =>
    JSON.stringify({ auths: { 'r.example.com': { auth: `dTpw${'\r\n'.repeat(CONTENT_BYTES / 4 - 100)}` } } }),
  'a number without end': () => `{"auths":${'9'.repeat(CONTENT_BYTES - 20)}}`,
  blanks: () => `{"auths":{}${' '.repeat(CONTENT_BYTES - 20)}}`,
}

/** Secrets that are written. */
export const secrets: readonly Shape[] = [
  ...Object.entries(entries).map(([name, makeKey]) => written(name, () => withKeys(makeKey))),
  ...Object.entries(CONTENTS).map(([name, contents]) => written(name, contents)),
  written(
    'changed, and as large before',
    () => withKeys(i => `${i}.example.com`),
    secret => ({
      operation: 'UPDATE',
      oldObject: { ...secret, data: { '.dockerconfigjson': `${'A'.repeat(OBJECT_BYTES - 2000)}` } },
    }),
  ),
  {
    name: 'a Secret of 3 MiB: keys of data',
    to: '/validate',
    body: () => {
      const data = Object.fromEntries(many(150_000, i => [`key-${i}`, 'eA==']))
      return reviewOf({ ...dockerConfig('default', 'large', '{"auths":{}}'), data })
    },
  },
  {
    name: 'an event of a Secret of 1 MB: keys that are no glob',
    to: 'event',
    body: () =>
      JSON.stringify(
        pullSecret(
          'default',
          'watched',
          many(STORED_BYTES / 90, i => `[a-z${i}`),
        ),
      ),
  },
  {
    name: 'an event of a Secret of 1 MB: one password',
    to: 'event',
    body: () => JSON.stringify(pullSecret('default', 'watched', ['r.example.com'], 'x'.repeat(STORED_BYTES * 0.7))),
  },
]
