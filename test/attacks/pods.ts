import { filling, type KubeObject, many, OBJECT_BYTES, type PodParts, pod, pullSecret, reviewOf } from './objects.ts'
import type { Shape } from './shapes.ts'

interface Crowded {
  /** What its namespace holds besides what every namespace has. */
  readonly held?: (namespace: string) => KubeObject[]
  readonly parts: () => PodParts
  readonly to?: Shape['to']
  readonly wrap?: (pod: KubeObject, namespace: string) => string
}

const EXPIRED = `e30.${Buffer.from('{"exp":1}').toString('base64url')}.x`
const WEB = 'r.example.com/web'

const hostile: Readonly<Record<string, Crowded>> = {
  '8,000 images of private registries': { parts: () => ({ images: many(8000, i => `r${i}.example.com/web`) }) },
  '8,000 images of one private registry': { parts: () => ({ images: many(8000, i => `${WEB}-${i}`) }) },
  '4,000 images with credentials, and one without': {
    held: namespace => [pullSecret(namespace, 'a', ['r.example.com/a'])],
    parts: () => ({ images: ['r.example.com/b', ...many(4000, i => `r.example.com/a/${i}`)], references: ['a'] }),
  },
  '20,000 names that are no image': { parts: () => ({ images: many(20_000, i => `Not an image ${i}`) }) },
  '40 images with names of 64 kB': {
    parts: () => ({ images: many(40, i => `r.example.com/${'a/'.repeat(32_000)}${i}`) }),
  },
  '4,000 images with names of 600 characters': {
    parts: () => ({ images: many(4000, i => `r.example.com/web@sha256:${'a'.repeat(560)}${i}`) }),
  },
  '2,000 references to nothing': { parts: () => ({ images: [WEB], references: many(2000, i => `missing-${i}`) }) },
  '16 names of 240 characters beside 10,000 that are like them': {
    held: namespace => many(10_000, i => pullSecret(namespace, `${'ab'.repeat(115)}-${i}`, [`r${i}.example.org`])),
    parts: () => ({ images: [WEB], references: many(16, i => `${'ab'.repeat(115)}x${i}`) }),
  },
  'an annotation with 8,000 names, and 4,000 images': {
    to: '/mutate',
    parts: () => ({
      images: many(4000, i => `r${i}.example.com/web`),
      metadata: { annotations: { 'regcred.dev/pull-secrets': many(8000, i => `s${i}`).join() } },
    }),
  },
  'an annotation of 200 kB of commas': {
    to: '/mutate',
    parts: () => ({ images: [WEB], metadata: { annotations: { 'regcred.dev/pull-secrets': ','.repeat(200_000) } } }),
  },
  '1,000 images, and 1,000 references to expired credentials': {
    held: namespace => many(1000, i => pullSecret(namespace, `s${i}`, ['r.example.com'], EXPIRED)),
    parts: () => ({ images: many(1000, i => `${WEB}-${i}`), references: many(1000, i => `s${i}`) }),
  },
  '100 images that 1,000 entries nearly match': {
    held: namespace =>
      many(10, s =>
        pullSecret(
          namespace,
          `s${s}`,
          many(100, i => `r.example.com:443/p${s}x${i}`),
        ),
      ),
    parts: () => ({ images: many(100, i => `r.example.com/p0x${i}`), references: many(10, i => `s${i}`) }),
  },
  '100 images, and 100 references to 250 globs each': {
    held: namespace =>
      many(100, s =>
        pullSecret(
          namespace,
          `s${s}`,
          many(250, i => `*.*${i}*.x${s}*.com`),
        ),
      ),
    parts: () => ({ images: many(100, i => `a.b${i}c.x1.com/web`), references: many(100, i => `s${i}`) }),
  },
  '100 images, and 20 references to Secrets of 1 MB': {
    held: namespace =>
      many(20, s =>
        pullSecret(
          namespace,
          `s${s}`,
          many(9000, i => `*.r${i}x${s}.example.com`),
        ),
      ),
    parts: () => ({ images: many(100, i => `a.r${i}x1.example.com/web`), references: many(20, i => `s${i}`) }),
  },
  'any of 20 Secrets of 1 MB may have credentials for it': {
    to: '/mutate',
    held: namespace =>
      many(20, s =>
        pullSecret(
          namespace,
          `s${s}`,
          many(9000, i => `r${i}x${s}.example.com`),
        ),
      ),
    parts: () => ({ images: many(100, i => `r${i}x1.example.com/web`) }),
  },
  'each of 10,000 pull secrets has credentials for it': {
    to: '/mutate',
    held: namespace => many(10_000, i => pullSecret(namespace, `s${i}`, ['*.example.com'])),
    parts: () => ({ images: many(100, i => `r${i}.example.com/web`) }),
  },
  'annotations of 3 MB': {
    parts: () => ({ images: [WEB], metadata: { annotations: { note: 'x'.repeat(OBJECT_BYTES - 1000) } } }),
  },
  '100,000 labels': {
    parts: () => ({ images: [WEB], metadata: { labels: Object.fromEntries(many(100_000, i => [`label-${i}`, 'x'])) } }),
  },
  '50,000 owners': {
    parts: () => ({ images: [WEB], metadata: { ownerReferences: many(50_000, i => ({ kind: 'X', name: `o${i}` })) } }),
  },
  'field owners of 3 MB': {
    parts: () => {
      const owned = Object.fromEntries(filling(OBJECT_BYTES - 1000, i => `k:{"name":"s${i}"}`).map(key => [key, {}]))
      const managedFields = [{ manager: 'x', fieldsV1: { 'f:spec': { 'f:imagePullSecrets': owned } } }]
      return { images: [WEB], references: ['missing'], metadata: { managedFields } }
    },
  },
  'changed, with 8,000 images before and after': {
    parts: () => ({ images: many(8000, i => `r${i}.example.com/web`) }),
    wrap: (after, namespace) =>
      reviewOf(after, {
        operation: 'UPDATE',
        oldObject: pod(namespace, { images: many(8000, i => `r${i}.example.com/old`) }),
      }),
  },
  'in a Deployment, with 8,000 images': {
    parts: () => ({ images: many(8000, i => `r${i}.example.com/web`), references: ['missing'] }),
    wrap: (template, namespace) =>
      reviewOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace }, spec: { template } }),
  },
  'in a CronJob, changed and nested to the end': {
    parts: () => ({ images: [WEB] }),
    wrap: (template, namespace) => {
      const spec = { jobTemplate: { spec: { template: { ...template, nested: '@' } } } }
      const object = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'web', namespace }, spec }
      const nested = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`
      const changed = reviewOf(object, { operation: 'UPDATE', oldObject: object }).replaceAll('"@"', () => nested)
      return changed.replace('1}', () => '2}')
    },
  },
}

/** Pods, each in a namespace of its own. */
export const pods: readonly Shape[] = Object.entries(hostile).map(
  ([name, { held, parts, to = '/validate', wrap }], i) => {
    const namespace = `pods-${i}`
    const body = () => {
      const object = pod(namespace, parts())
      return wrap === undefined ? reviewOf(object) : wrap(object, namespace)
    }
    return { name: `a Pod: ${name}`, to, namespace, held: () => held?.(namespace) ?? [], body }
  },
)
