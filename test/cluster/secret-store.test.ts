import t from 'tap'
import { SecretStore } from '../../src/cluster/secret-store.ts'
import { ABSENT, UNKNOWN } from '../../src/policy/known.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { deaf, fill, pullSecret, unlimited } from './fill.ts'

const image = { registry: 'registry.example.com', path: 'acme/web' }

t.test('a Secret is absent only when both say so', async t => {
  const secrets = new SecretStore(deaf, unlimited())
  t.strictSame(secrets.get('ns', 'a'), UNKNOWN)
  fill(secrets.dockerConfigJson)
  t.strictSame(secrets.get('ns', 'a'), UNKNOWN)
  fill(secrets.dockerCfg)
  t.strictSame(secrets.get('ns', 'a'), ABSENT)
  const other = new SecretStore(deaf, unlimited())
  fill(other.dockerCfg)
  t.strictSame(other.get('ns', 'a'), UNKNOWN)
  other.dockerCfg.put('ns', 'a', pullSecret('a'))
  t.match(other.get('ns', 'a'), { state: 'value' })
})

t.test('a Secret that is too large to be held is unknown, is named, and is not offered', async t => {
  const secrets = new SecretStore(deaf, unlimited())
  fill(secrets.dockerConfigJson, [
    ['ns', 'a', { kind: 'large', name: 'a' }],
    ['ns', 'b', pullSecret('b')],
  ])
  fill(secrets.dockerCfg)
  t.strictSame(secrets.get('ns', 'a'), UNKNOWN)
  t.strictSame([...secrets.names('ns')], ['a', 'b'])
  t.match(secrets.find('ns', image), [{ secret: { name: 'b' } }])
  secrets.dockerConfigJson.put('ns', 'b', { kind: 'large', name: 'b' })
  t.strictSame(secrets.find('ns', image), [])
})

const orders = [
  { name: 'removed, then put', steps: ['remove', 'put'], between: ABSENT },
  { name: 'put, then removed', steps: ['put', 'remove'], between: UNKNOWN },
]
for (const { name, steps, between } of orders) {
  t.test(`a Secret that is made again with the other type: ${name}`, async t => {
    const secrets = new SecretStore(deaf, unlimited())
    fill(secrets.dockerConfigJson, [['ns', 'a', pullSecret('a', 'other.example.com')]])
    fill(secrets.dockerCfg)
    t.strictSame(secrets.find('ns', image), [])
    for (const [index, step] of steps.entries()) {
      if (step === 'put') secrets.dockerCfg.put('ns', 'a', pullSecret('a'))
      else secrets.dockerConfigJson.remove('ns', 'a')
      if (index === 0) {
        t.strictSame(secrets.get('ns', 'a'), between)
        t.strictSame(secrets.find('ns', image), [], 'what is not known to be there is not offered')
      }
    }
    t.strictSame(secrets.get('ns', 'a'), { state: 'value', value: pullSecret('a') })
    t.match(secrets.find('ns', image), [{ secret: { name: 'a' } }])
    t.strictSame([...secrets.names('ns')], ['a'])
  })
}

t.test('it finds credentials, and follows what changes', async t => {
  const secrets = new SecretStore(deaf, unlimited())
  const found = () => secrets.find('ns', image).map(({ secret }) => secret.name)
  t.strictSame(found(), [])
  fill(secrets.dockerConfigJson, [
    ['ns', 'a', pullSecret('a')],
    ['ns', 'bad', { kind: 'malformed', name: 'bad', reason: 'its data is not base64' }],
    ['elsewhere', 'b', pullSecret('b')],
  ])
  t.strictSame(found(), ['a'])
  secrets.dockerCfg.put('ns', 'c', pullSecret('c'))
  t.strictSame(found().sort(), ['a', 'c'])
  secrets.dockerConfigJson.put('ns', 'a', pullSecret('a', 'other.example.com'))
  t.strictSame(found(), ['c'])
  secrets.dockerConfigJson.put('ns', 'bad', pullSecret('bad'))
  secrets.dockerCfg.put('ns', 'c', { kind: 'wrongType', name: 'c' })
  t.strictSame(found(), ['bad'])
  secrets.dockerConfigJson.remove('ns', 'a')
  secrets.dockerConfigJson.remove('ns', 'bad')
  secrets.dockerCfg.remove('ns', 'c')
  t.strictSame(found(), [])
  secrets.dockerCfg.put('ns', 'd', pullSecret('d'))
  t.strictSame(found(), ['d'])
  fill(secrets.dockerCfg, [['ns', 'e', pullSecret('e')]])
  t.strictSame(found(), ['e'])
})

t.test('in more namespaces than there are indexes, credentials are found again and again', async t => {
  const secrets = new SecretStore(deaf, unlimited())
  const namespaces = Array.from({ length: 2500 }, (_, index) => `ns-${index}`)
  fill(
    secrets.dockerConfigJson,
    namespaces.map(namespace => [namespace, 'a', pullSecret('a')] as const),
  )
  const twice = [...namespaces, ...namespaces.toReversed()]
  t.strictSame(
    twice.filter(namespace => secrets.find(namespace, image).length !== 1),
    [],
  )
})

t.test(
  'a namespace whose index costs more than what is left of the steps finds nothing, until one has enough',
  async t => {
    const secrets = new SecretStore(deaf, unlimited())
    fill(secrets.dockerConfigJson, [['ns', 'a', pullSecret('a')]])
    fill(secrets.dockerCfg)
    t.strictSame(secrets.find('ns', image, new Budget(0, 0)), [])
    t.match(secrets.find('ns', image, new Budget(1000, 0)), [{ secret: { name: 'a' } }])
  },
)

t.test('an index that takes too much memory is made for each who asks, and one that does not is kept', async t => {
  const stepsOf = (count: number) => {
    const secrets = new SecretStore(deaf, unlimited())
    const names = Array.from({ length: count }, (_, i) => `s${i}`)
    const list = secrets.dockerConfigJson.replace()
    for (const name of names) list.add('ns', name, pullSecret(name, `${name}.${'x'.repeat(200)}.example.com`))
    list.commit()
    // What is parsed is parsed by then.
    secrets.find('ns', image)
    let spent = 0
    const counter = {
      spend(steps: number) {
        spent += steps
        return true
      },
    }
    secrets.find('ns', image, counter)
    return spent
  }
  t.ok(stepsOf(2000) < 100)
  t.ok(stepsOf(12_000) > 12_000)
})
