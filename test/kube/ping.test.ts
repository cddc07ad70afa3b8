import t from 'tap'
import { ping } from '../../src/kube/ping.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { type Exchange, FakeApiServer } from './fake-api-server.ts'

const ADVICE = 'Start it, or correct the server or the user in the kubeconfig.'

t.test('what the first answer of an API server says', async t => {
  const cases: {
    readonly name: string
    readonly answer: (exchange: Exchange) => void
    readonly fault?: string
  }[] = [
    { name: 'a version', answer: exchange => exchange.json({ gitVersion: 'v1.37.2' }) },
    { name: 'that it is busy', answer: exchange => exchange.status(429, 'TooManyRequests') },
    { name: 'that its rules are not there yet', answer: exchange => exchange.status(403, 'Forbidden') },
    {
      name: 'that it does not know us',
      answer: exchange => exchange.status(401, 'Unauthorized'),
      fault: 'The API server answered with an error (401, Unauthorized, because Unauthorized).',
    },
    {
      name: 'that it is none',
      answer: exchange => {
        exchange.raw('<html>')
        exchange.end()
      },
      fault: 'The API server did not send what was asked for (not JSON).',
    },
  ]
  for (const { name, answer, fault } of cases) {
    const server = await FakeApiServer.start()
    const trying = ping(server.kubeConfig(), 'regcred/1.2.3', new FakeClock())
    const exchange = await server.next()
    t.match(exchange, { path: '/version', headers: { 'user-agent': 'regcred/1.2.3' } })
    answer(exchange)
    const url = `http://127.0.0.1:${server.port}`
    t.equal(await trying, fault === undefined ? undefined : `${url}: ${fault} ${ADVICE}`, name)
    await server.stop()
  }
})

t.test('an API server that says nothing', async t => {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const trying = ping(server.kubeConfig(), 'regcred/1.2.3', clock)
  await server.next()
  clock.advance(await clock.sleepOf(1000, 60_000))
  t.equal(await trying, `http://127.0.0.1:${server.port}: The API server did not answer within 10 s. ${ADVICE}`)
  await server.stop()
})

t.test('a plugin that has not answered is not taken for an API server that has not', async t => {
  const clock = new FakeClock()
  const credentials = () => new Promise<never>(() => {})
  const asks = 'the exec plugin "aws"'
  const kubeConfig = { server: 'https://c.example', proxyUrl: undefined, asks, credentials }
  const trying = ping(kubeConfig, 'regcred/1.2.3', clock)
  clock.advance(await clock.sleepOf(1000, 60_000))
  const why = 'The credentials of the kubeconfig cannot be read (the exec plugin "aws" has not answered).'
  t.equal(await trying, `https://c.example: ${why} ${ADVICE}`)
})

t.test('no API server', async t => {
  const server = await FakeApiServer.start()
  const { port } = server
  const kubeConfig = server.kubeConfig()
  await server.stop()
  t.match(
    await ping(kubeConfig, 'regcred/1.2.3'),
    new RegExp(`^http://127.0.0.1:${port}: The API server cannot be reached \\(ECONNREFUSED, .*\\)\\. ${ADVICE}$`),
  )
})
