import fc from 'fast-check'
import { identifyPattern } from '../../../../src/policy/registries/pattern.ts'

/** What of the configuration decides about images, as the chart has it. */
export interface ImageSettings {
  readonly registries?: Readonly<Record<string, unknown>>
  readonly inject?: Readonly<Record<string, unknown>>
  readonly view?: { readonly secrets: 'contents' | 'names' }
}

/** Each has its traps for who compares texts. */
const HOSTS = [
  ...['', 'docker.io/', 'index.docker.io/', 'registry-1.docker.io/', 'docker.io:443/', 'docker.io:5000/'],
  ...['registry.k8s.io/', 'k8s.gcr.io/', 'k8s.gcr.io:5000/', 'public.ecr.aws/', 'ecr-public.aws.com/', 'ghcr.io/'],
  ...['gcr.io/', 'eu.gcr.io/', 'mirror.gcr.io/', 'a.b.gcr.io/', 'quay.io/', 'mcr.microsoft.com/'],
  ...['registry.example.com/', 'registry.example.com:5000/', 'registry.example.com:443/', 'registry.example.com:0443/'],
  ...[
    'registry.example.com:05000/',
    'Registry.example.com/',
    'xregistry.example.com/',
    'registry.example.com.evil.io/',
  ],
  ...['localhost/', 'localhost:5000/', 'foo_bar.example.com/', '-docker.pkg.dev/', 'eu-docker.pkg.dev/'],
  ...['123.dkr.ecr.eu-west-1.amazonaws.com/', '123.dkr.ecr.amazonaws.com/', '[::1]:5000/', 'https://ghcr.io/', 'acme/'],
]
const PATHS = [
  ...['nginx', 'library/nginx', 'library', 'acme/web', 'acme/web/api', 'acme', 'acme-evil/web', 'web', 'pause'],
  ...['distroless/static', 'distroless', 'distroless-evil/x', 'docker.io/x', 'docker.io', 'foo.bar', 'foo.bar/x'],
  ...[
    'localhost/x',
    'library/nginx/x',
    'nginx/x',
    'a'.repeat(64),
    'a'.repeat(260),
    'Acme/web',
    'acme//web',
    'acme/-web',
  ],
]
const ENDS = [
  ...['', '', ':1', ':1.27-alpine', ':LATEST_2', `@sha256:${'0a'.repeat(32)}`, `:1@sha256:${'0a'.repeat(32)}`],
  ...[`@sha512:${'0a'.repeat(64)}`, '@sha256:0a', ':1 ', ':-1', `:${'1'.repeat(129)}`, ':1/x', '\n', '?'],
]

const image = fc
  .tuple(
    fc.constantFrom(...HOSTS),
    fc.constantFrom(...PATHS),
    fc.oneof({ arbitrary: fc.constantFrom(...ENDS.slice(0, 7)), weight: 4 }, fc.constantFrom(...ENDS)),
  )
  .map(parts => parts.join(''))
/** What most Pods run. */
const ordinaryImage = fc.constantFrom(
  ...['nginx', 'nginx:1.27', 'docker.io/library/redis:7', 'registry.k8s.io/pause:3.10', 'public.ecr.aws/x/y:1'],
  ...['gcr.io/distroless/static', 'mcr.microsoft.com/a/b@sha256:'.concat('0a'.repeat(32)), 'ghcr.io/acme/web:1'],
)
const anyImage = fc.oneof({ arbitrary: image, weight: 3 }, ordinaryImage)

const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 20 }, { arbitrary, weight: 1 })
const seldom = <T>(value: T) => rarely(fc.constant(value))
const containers = (min: number, max: number) =>
  fc.array(
    fc.record({ image: anyImage, imagePullPolicy: fc.constantFrom(undefined, 'Never', 'Always', 'IfNotPresent') }),
    { minLength: min, maxLength: max },
  )

/** Pods as people write them, and as somebody writes them who looks for a way round. */
const pod = fc
  .record({
    containers: fc.oneof({ arbitrary: containers(1, 1), weight: 5 }, { arbitrary: containers(1, 3), weight: 2 }),
    initContainers: fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, containers(0, 2)),
    imagePullSecrets: seldom([{ name: 'acme' }]),
    volume: rarely(anyImage),
    pullSecrets: seldom({ 'regcred.dev/pull-secrets': 'acme' }),
    optOut: seldom({ 'regcred.dev/inject': 'disabled' }),
    copies: fc.oneof({ arbitrary: fc.constant(0), weight: 20 }, fc.integer({ min: 18, max: 21 })),
  })
  .map(({ containers, initContainers, imagePullSecrets, volume, pullSecrets, optOut, copies }) => {
    const named = (list: readonly object[], name: string) => list.map((each, i) => ({ name: `${name}${i}`, ...each }))
    const annotations = { ...pullSecrets, ...optOut }
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default', ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: {
        containers: named([...containers, ...Array.from({ length: copies }, () => ({ image: 'nginx' }))], 'c'),
        initContainers: named(initContainers, 'i'),
        ...(imagePullSecrets && { imagePullSecrets }),
        ...(volume !== undefined && { volumes: [{ name: 'v', image: { reference: volume } }] }),
      },
    }
  })

export type GeneratedPod = typeof pod extends fc.Arbitrary<infer P> ? P : never

export function generatePods(seed: number, count: number): GeneratedPod[] {
  return fc.sample(pod, { seed, numRuns: count })
}

export const PATTERNS = [
  ...[
    'docker.io',
    'docker.io/library',
    'docker.io/library/nginx',
    'docker.io/acme',
    'docker.io/acme/web',
    '*.docker.io',
  ],
  ...[
    'docker.io/docker.io',
    'docker.io/foo.bar',
    'docker.io:443/acme/web/api',
    'docker.io:5000',
    '*.io',
    '*.io/library',
  ],
  ...[
    '*.io/acme',
    'd*r.io/library/nginx',
    'registry.k8s.io',
    'registry.*.io/acme',
    'k8s.gcr.io/acme',
    'ecr-public.aws.com',
  ],
  ...['GHCR.io/acme/web', 'ghcr.io', 'ghcr.io/acme', '*.gcr.io', 'gcr.io/distroless', 'mirror.gcr.io', '*.*.gcr.io'],
  ...['registry.example.com', 'registry.example.com:5000', 'registry.example.com/acme', '*.example.com:05000/acme'],
  ...['*.example.com', '*-docker.pkg.dev', '*.dkr.ecr.*.amazonaws.com', 'localhost:5000', 'localhost', '[::1]:5000'],
  ...['foo_bar.example.com', 'public.ecr.aws/acme', '*.microsoft.com'],
]

const listed = fc.constantFrom('private', 'node', 'annotated', 'public', 'public', 'mixed', undefined, undefined)

const settings = fc
  .record({
    classes: fc.array(listed, { minLength: PATTERNS.length, maxLength: PATTERNS.length }),
    kept: fc.subarray(['public', 'mixed']),
    byDefault: fc.constantFrom('unlisted', 'private'),
    match: fc.boolean(),
    rule: fc.option(fc.constantFrom(...PATTERNS), { nil: undefined }),
  })
  .map(({ classes, kept, byDefault, match, rule }): ImageSettings => {
    // No class may have what another one has in another spelling.
    const first = (pattern: string) => PATTERNS.findIndex(other => identifyPattern(other) === identifyPattern(pattern))
    const listedAs = (name: string) => PATTERNS.filter((pattern, i) => first(pattern) === i && classes[i] === name)
    const annotated = listedAs('annotated').map(pattern => ({
      pattern,
      serviceAccountAnnotations: ['example.com/role'],
    }))
    return {
      registries: {
        private: listedAs('private'),
        node: [...listedAs('node'), ...annotated],
        ...(!kept.includes('public') && { public: listedAs('public') }),
        ...(!kept.includes('mixed') && { mixed: listedAs('mixed') }),
        default: byDefault,
      },
      inject: { match, ...(rule !== undefined && { rules: [{ images: [rule], secrets: ['acme'] }] }) },
    }
  })

export function generateSettings(seed: number, count: number): ImageSettings[] {
  return fc.sample(settings, { seed, numRuns: count })
}
