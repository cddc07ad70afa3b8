import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import t from 'tap'
import { NO_PREFIX, PathPrefixes, stageAt } from '../../src/http/path-prefixes.ts'
import { openTo, serveEmpty } from './serve-empty.ts'

const SECRET = `/${'3f9c'.repeat(16)}`
const OTHER = `/${'a1b2'.repeat(16)}`

t.test('what a URL is routed to', async t => {
  const secret = new PathPrefixes([SECRET])
  const both = new PathPrefixes(['', OTHER, SECRET])
  const cases: readonly [prefixes: PathPrefixes, url: string, routed: string][] = [
    [NO_PREFIX, '/mutate?timeout=10s', '/mutate?timeout=10s'],
    [NO_PREFIX, '/validate', '/validate'],
    [NO_PREFIX, `${SECRET}/validate`, '/'],
    [secret, `${SECRET}/validate?timeout=10s`, '/validate?timeout=10s'],
    [secret, `${SECRET}/mutate`, '/mutate'],
    [secret, '/mutate', '/'],
    [secret, `${SECRET}a/mutate`, '/'],
    [secret, `${SECRET.slice(0, -1)}/mutate`, '/'],
    [secret, `${SECRET.toUpperCase()}/mutate`, '/'],
    [secret, `${SECRET.replace('3', '%33')}/mutate`, '/'],
    [secret, `${SECRET}//mutate`, '/'],
    [secret, `/x/..${SECRET}/mutate`, '/'],
    [secret, `/mutate?x=${SECRET}/mutate`, '/'],
    [secret, `${SECRET}/livez`, `${SECRET}/livez`],
    [secret, '/livez', '/livez'],
    [secret, '/readyz?verbose', '/readyz?verbose'],
    [secret, '', ''],
    [both, '/mutate', '/mutate'],
    [both, `${OTHER}/mutate`, '/mutate'],
    [both, `${SECRET}/mutate`, '/mutate'],
    [both, `/${OTHER}/mutate`, '/'],
  ]
  for (const [prefixes, url, routed] of cases) t.equal(prefixes.route(url), routed, url)
})

t.test('no other URL leads to a stage', async () => {
  const secret = new PathPrefixes([SECRET])
  const parts = fc.constantFrom('/', SECRET, 'mutate', '/mutate', '/validate', '?', '#', '%2f', '..', 'a', ';', '\\')
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string())), list => {
      const url = list.join('')
      const stage = stageAt(secret.route(url))
      return stage === undefined || new RegExp(`^${SECRET}/(mutate|validate)([?]|$)`).test(url)
    }),
    { numRuns: 2000 },
  )
})

/** What is answered to a request without a body. */
async function ask(port: number, request: string): Promise<string> {
  const socket = await openTo(port)
  socket.end(`${request} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n`)
  return await text(socket)
}

t.test('a review at another path is refused before its body is read, and told without the path', async t => {
  let prefixes = new PathPrefixes([SECRET])
  const { port, codes } = await serveEmpty(t, { pathPrefixes: () => prefixes })
  for (const path of ['/mutate', `${OTHER}/mutate`, '/validate?timeout=1s']) {
    const answer = await ask(port, `POST ${path}`)
    t.match(answer, /^HTTP\/1\.1 404 [\s\S]*"code":"WRONG_PATH"/)
    t.notMatch(answer, SECRET.slice(1))
  }
  t.match(await ask(port, 'GET /mutate'), /^HTTP\/1\.1 404 [\s\S]*"code":"NOT_FOUND"/)
  t.match(await ask(port, 'POST /elsewhere'), /^HTTP\/1\.1 404 [\s\S]*"code":"NOT_FOUND"/)
  t.match(await ask(port, 'GET /livez'), /^HTTP\/1\.1 200 /)
  t.equal(codes.length, 3)
  for (const code of codes) t.match(code, /^WRONG_PATH /)
  t.match(await ask(port, `POST ${SECRET}/mutate`), /"code":"NOT_JSON"/)
  prefixes = new PathPrefixes([OTHER])
  t.match(await ask(port, `POST ${OTHER}/mutate`), /"code":"NOT_JSON"/)
  t.match(await ask(port, `POST ${SECRET}/mutate`), /"code":"WRONG_PATH"/)
  t.notMatch(codes.join(), /3f9c|a1b2/)
})
