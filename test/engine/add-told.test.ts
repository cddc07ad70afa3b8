import t from 'tap'
import { addTold } from '../../src/engine/add-told.ts'
import type { Finding } from '../../src/policy/finding.ts'

const finding = (rest: Partial<Finding>): Finding => ({
  ...{ code: 'SecretNotFound', effect: 'mayBlock', origin: 'object', affectsPrivate: false, problem: 'x' },
  advice: { kind: 'lookFurther', text: 'y' },
  ...rest,
})

/** A view in which there is one Secret. */
const view = {
  secret: (namespace: string, name: string) =>
    namespace === 'a' && name === 'there'
      ? ({ state: 'value', value: { kind: 'unread', name } } as const)
      : ({ state: 'unknown' } as const),
}

function judged(references: readonly string[]): Parameters<typeof addTold>[2] {
  const images = [{ container: 'web', image: 'ghcr.io/a', pulled: true }]
  return { namespace: 'a', subject: { about: 'template', references, images } as never }
}

interface Case {
  readonly name: string
  readonly told: Partial<Finding>
  readonly own?: readonly Partial<Finding>[]
  readonly references?: readonly string[]
  readonly added: boolean
}

const cases: readonly Case[] = [
  { name: 'a Secret that nobody knows here', told: { secret: 'gone' }, added: true },
  { name: 'a Secret that is known here', told: { secret: 'there' }, added: false },
  { name: 'what was found here', told: { secret: 'gone' }, own: [{ secret: 'gone', problem: 'z' }], added: false },
  {
    name: 'another cause of the same Secret',
    ...{ told: { secret: 'gone' }, own: [{ secret: 'gone', code: 'SecretMalformed' }], added: true },
  },
  { name: 'an image', told: { code: 'ImageNotCovered', image: 'ghcr.io/a' }, added: true },
  {
    name: 'an image of an object that lists a Secret known here',
    ...{ told: { code: 'ImageNotCovered', image: 'ghcr.io/a' }, references: ['x', 'there'], added: false },
  },
]

for (const { name, told, own = [], references = [], added } of cases) {
  t.test(`${name}: ${added ? 'is added' : 'is judged here'}`, async t => {
    const before = own.map(finding)
    const after = addTold(before, [finding(told)], judged(references), view)
    t.strictSame(after.slice(0, before.length), before)
    t.equal(after.length, before.length + (added ? 1 : 0))
    if (told.image !== undefined && added) t.equal(after.at(-1)?.container, 'web')
  })
}

t.test('where nothing is told, and of what is no Pod, all stays as it is', async t => {
  const own = [finding({})]
  t.equal(addTold(own, [], judged([]), view), own)
  const secret = { namespace: 'a', subject: { about: 'secret' } as never }
  t.equal(addTold(own, [finding({ secret: 'b' })], secret, view).length, 2)
})
