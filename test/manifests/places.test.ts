import t from 'tap'
import type { Found } from '../../src/manifests/found.ts'
import { byName, findPlaces, imagePlace, secretPlace } from '../../src/manifests/places.ts'
import { findInText } from '../../src/manifests/read.ts'

async function placesOf(text: string, specPath: readonly string[] | undefined) {
  const found: Found[] = []
  for await (const one of findInText('f', text)) found.push(one)
  return found.flatMap(one => ('apiVersion' in one ? [byName(findPlaces(one, specPath))] : []))
}

t.test('the places of names in a Pod, in a document that is not the first', async t => {
  const [, places] = await placesOf(
    `apiVersion: v1
kind: Secret
---
apiVersion: v1
kind: Pod
spec:
  imagePullSecrets:
  - name: acme
  - {}
  containers:
  - {name: a, image: x}
  - image: w
  - name: b
  volumes:
  - {name: v, image: {reference: z}}
  - name: w
`,
    ['spec'],
  )
  t.strictSame(
    new Map([
      [secretPlace('acme'), { line: 8, column: 11 }],
      [imagePlace('a', 'x'), { line: 11, column: 22 }],
      [imagePlace('', 'w'), { line: 12, column: 12 }],
      [imagePlace('v', 'z'), { line: 15, column: 34 }],
    ]),
    places,
  )
})

t.test('what may be wrong with a Secret is its docker config, or its type', async t => {
  const text = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: b\n'
  const [config] = await placesOf(`${text}data:\n  .dockerconfigjson: eA==\n`, undefined)
  t.strictSame(config, new Map([[secretPlace('a'), { line: 6, column: 22 }]]))
  const [type] = await placesOf(text, undefined)
  t.strictSame(type, new Map([[secretPlace('a'), { line: 4, column: 7 }]]))
})

t.test('JSON has none, and of an object with very many the first are known', async t => {
  t.strictSame(
    await placesOf('{"apiVersion":"v1","kind":"Pod","spec":{"imagePullSecrets":[{"name":"a"}]}}', ['spec']),
    [new Map()],
  )
  const names = Array.from({ length: 1100 }, (_, i) => `- {name: s${i}}\n`).join('  ')
  const [places] = await placesOf(`apiVersion: v1\nkind: Pod\nspec:\n  imagePullSecrets:\n  ${names}`, ['spec'])
  t.equal(places?.size, 1000)
})

t.test('an image volume may be without a name, and what stands in JSON has no places', async t => {
  const volumes = 'spec: {volumes: [{image: {reference: z}}]}'
  const [places] = await placesOf(`apiVersion: v1\nkind: Pod\n${volumes}\n`, ['spec'])
  t.ok(places?.has(imagePlace('', 'z')))
  const [ofJson] = await placesOf('{"apiVersion":"v1","kind":"Secret","metadata":{}}', undefined)
  t.equal(ofJson?.size, 0)
})
