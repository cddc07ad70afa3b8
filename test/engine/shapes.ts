import type { SecretReading } from '../../src/kubelet/secret.ts'
import { readSecret } from '../../src/kubelet/secret.ts'

/** A Pod and the namespace that it comes into, of which the sizes and the kinds are what costs something. */
export interface Shape {
  /** E.g. `validate 100 images × 20 references × 250 glob entries, 16 names, 1000 neighbours`. */
  readonly title: string
  readonly stage: 'mutate' | 'validate'
  readonly pod: {
    readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> }
    readonly spec: object
  }
  readonly secrets: readonly SecretReading[]
  /** Whether every registry that is not listed is private. */
  readonly isPrivate: boolean
}

interface Sizes {
  readonly images: number
  readonly references: number
  /** Of each Secret. */
  readonly entries: number
  /** In the annotation `regcred.dev/pull-secrets`. */
  readonly names: number
  /** Other Secrets of the namespace. */
  readonly neighbours: number
}

/** How the keys of docker configs, the images and the names are made: harmless first. */
const KEYS = {
  own: (secret: number, entry: number) => `r${secret * 1000 + entry}.example.com`,
  shared: (secret: number, entry: number) => `r.example.com/p${secret}x${entry}`,
  same: (_: number, entry: number) => `r.example.com/${'a'.repeat(entry % 7)}`,
  glob: (secret: number, entry: number) => `*${secret}x${entry}.example.com`,
  globs: (secret: number, entry: number) => `*.*${secret}*.x${entry % 9}*`,
  bracket: (secret: number, entry: number) => `[a-z${secret}${entry}`,
  escapes: (secret: number, entry: number) => `r${secret}.example.com/${'%61'.repeat(entry % 40)}`,
  port: (secret: number, entry: number) => `r${entry}.example.com:${secret + 1}/x`,
  hub: (secret: number, entry: number) => `https://index.docker.io/v1/${secret}/${entry}`,
  long: (secret: number, entry: number) => `r${secret}.${'x'.repeat(200)}${entry}.example.com`,
} as const

const IMAGES = {
  own: (i: number) => `r${i}.example.com/web:1`,
  shared: (i: number) => `r.example.com/p0x${i}/web`,
  hub: (i: number) => `acme/web${i}`,
  invalid: (i: number) => `Not valid ${i}`,
  same: () => 'r.example.com/web:1',
  long: (i: number) => `r${i}.example.com/${'a/'.repeat(100)}web`,
} as const

const NAMES = {
  short: (i: number) => `s${i}`,
  long: (i: number) => `${'ab'.repeat(110)}-${i}`,
  near: (i: number) => `registry-credentials-${i}`,
} as const

const EXPIRED = `e30.${Buffer.from('{"exp":1}').toString('base64url')}.x`

/** A generator of numbers from 0 to 1 that begins the same for the same seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * A shape, the same for the same seed.
 *
 * @param most of images, references, names and neighbours, each
 */
export function shapeFrom(seed: number, most: number): Shape {
  const random = numbersFrom(seed)
  const upTo = (limit: number) => Math.floor(limit ** random())
  const sizes = {
    images: upTo(most),
    references: upTo(most),
    entries: upTo(10_000),
    names: upTo(most),
    neighbours: upTo(most),
  }
  const among = <T extends object>(kinds: T) => {
    const names = Object.keys(kinds) as (keyof T & string)[]
    return names[Math.floor(random() * names.length)] ?? names[0]
  }
  const kinds = { key: among(KEYS) ?? 'own', image: among(IMAGES) ?? 'own', name: among(NAMES) ?? 'short' }
  const flags = { isExpired: random() < 0.2, isMissing: random() < 0.2, isPrivate: random() < 0.5 }
  return makeShape(random() < 0.5 ? 'mutate' : 'validate', limitEntries(sizes), kinds, flags)
}

/** So that a shape is made in a moment: no more than so many keys in all. */
function limitEntries(sizes: Sizes): Sizes {
  const secrets = sizes.references + sizes.names + sizes.neighbours
  return { ...sizes, entries: Math.max(1, Math.min(sizes.entries, Math.floor(40_000 / Math.max(1, secrets)))) }
}

/** A shape of these sizes and kinds. */
export function makeShape(
  stage: Shape['stage'],
  sizes: Sizes,
  kinds: { key: keyof typeof KEYS; image: keyof typeof IMAGES; name: keyof typeof NAMES },
  { isExpired, isMissing, isPrivate }: { isExpired: boolean; isMissing: boolean; isPrivate: boolean },
): Shape {
  const nameOf = NAMES[kinds.name]
  const names = Array.from({ length: sizes.references + sizes.names }, (_, i) => nameOf(i))
  const others = Array.from({ length: sizes.neighbours }, (_, i) => `${nameOf(i)}x`)
  const held = isMissing ? others : [...names, ...others]
  const keyOf = KEYS[kinds.key]
  const password = isExpired ? EXPIRED : 'p'
  const secrets = held.map((name, secret) => {
    const keys = Array.from({ length: sizes.entries }, (_, entry) => keyOf(secret, entry))
    const auths = Object.fromEntries(keys.map(key => [key, { username: 'u', password }]))
    const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') }
    return readSecret({ metadata: { name }, type: 'kubernetes.io/dockerconfigjson', data })
  })
  const imageOf = IMAGES[kinds.image]
  const annotated = names.slice(sizes.references)
  const { images, references, entries, neighbours } = sizes
  return {
    title:
      `${stage} ${images} ${kinds.image} images × ${references} ${kinds.name} references × ${entries} ${kinds.key} entries, ` +
      `${sizes.names} names, ${neighbours} neighbours${isExpired ? ', expired' : ''}${isMissing ? ', missing' : ''}`,
    stage,
    pod: {
      metadata: {
        name: 'w',
        annotations: annotated.length === 0 ? {} : { 'regcred.dev/pull-secrets': annotated.join() },
      },
      spec: {
        containers: Array.from({ length: images }, (_, i) => ({ name: `c${i}`, image: imageOf(i) })),
        imagePullSecrets: names.slice(0, references).map(name => ({ name })),
      },
    },
    secrets,
    isPrivate,
  }
}

/** A Pod as most are: one image, which its one pull secret covers, among a few others. */
export const ORDINARY: Shape = makeShape(
  'validate',
  { images: 1, references: 1, entries: 1, names: 0, neighbours: 9 },
  { key: 'own', image: 'own', name: 'short' },
  { isExpired: false, isMissing: false, isPrivate: true },
)
