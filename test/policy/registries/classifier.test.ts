import fc from 'fast-check'
import t from 'tap'
import { parseImageName } from '../../../src/kubelet/image-name.ts'
import { classifier, type Registries } from '../../../src/policy/registries/classifier.ts'
import { matchesPattern, parsePattern } from '../../../src/policy/registries/pattern.ts'

const NONE: Registries = { private: [], node: [], public: [], mixed: [], default: 'unlisted' }
const DEFAULTS: Registries = {
  ...NONE,
  public: ['docker.io/library', 'registry.k8s.io', 'public.ecr.aws', 'mcr.microsoft.com', 'gcr.io/distroless'],
  mixed: [
    'docker.io',
    'ghcr.io',
    'quay.io',
    'gcr.io',
    '*.gcr.io',
    '*-docker.pkg.dev',
    'registry.gitlab.com',
    'nvcr.io',
  ],
}
const nameOf = (image: string) => parseImageName(image) ?? { registry: '', path: '' }

function matches(text: string, image: string): boolean {
  const pattern = parsePattern(text)
  return !('fault' in pattern) && matchesPattern(pattern, nameOf(image))
}

t.test('a pattern matches an image or it does not', async t => {
  const cases: [pattern: string, image: string, expected: boolean][] = [
    ['ghcr.io', 'ghcr.io/acme/web', true],
    ['GHCR.io', 'ghcr.io/acme/web', true],
    ['reg.io', 'Reg.io/web', true],
    ['ghcr.io/acme', 'ghcr.io/acme/web', true],
    ['ghcr.io/acme', 'ghcr.io/acme', true],
    ['ghcr.io/acme', 'ghcr.io/acme-evil/web', false],
    ['ghcr.io/acme/web', 'ghcr.io/acme', false],
    ['docker.io/library', 'nginx', true],
    ['docker.io/library', 'acme/web', false],
    ['localhost', 'localhost/web', true],
    ['reg:5000', 'reg:5000/web', true],
    ['reg.io', 'reg.io:5000/web', false],
    ['*.reg.io:5000', 'a.reg.io:5000/web', true],
    ['*.reg.io', 'a.reg.io:5000/web', false],
    ['*.dkr.ecr.*.amazonaws.com', '123.dkr.ecr.eu-west-1.amazonaws.com/web', true],
    ['*.dkr.ecr.*.amazonaws.com', '123.dkr.ecr.eu-west-1.amazonaws.com.cn/web', false],
    ['*-docker.pkg.dev', 'europe-docker.pkg.dev/web', true],
    ['*.reg.io', 'a.b.reg.io/web', false],
    ['[fd00::1]:5000', '[FD00::1]:5000/web', true],
    // Where a registry is without a port.
    ['reg.io', 'reg.io:443/web', true],
    ['reg.io', 'reg.io:0443/web', true],
    ['reg.io:443', 'reg.io/web', true],
    ['reg.io', 'reg.io:80/web', false],
    ['reg.io', 'reg.io:4430/web', false],
    ['reg.io:5000', 'reg.io:05000/web', true],
    ['*.reg.io/acme', 'a.reg.io:443/acme/web', true],
    ['[fd00::1]', '[fd00::1]:443/web', true],
    ['[fd00::1]:5000', '[fd00::1:5000]/web', false],
    // Public registries by their other names.
    ['public.ecr.aws', 'ecr-public.aws.com/docker/library/redis', true],
    ['public.ecr.aws', 'ecr-public.aws.com:443/docker/library/redis', true],
    ['ecr-public.aws.com', 'public.ecr.aws/docker/library/redis', true],
    ['public.ecr.aws', 'ecr-public.aws.com:5000/docker/library/redis', false],
    ['registry.k8s.io', 'k8s.gcr.io/pause', true],
    ['*.gcr.io', 'k8s.gcr.io/pause', false],
    // Docker Hub by its other names.
    ['docker.io/acme', 'registry-1.docker.io/acme/web', true],
    ['docker.io/acme', 'registry-1.docker.io:443/acme/web', true],
    ['docker.io/acme', 'index.docker.io:443/acme/web', true],
    ['docker.io/acme', 'hub.docker.com/acme/web', false],
  ]
  for (const [pattern, image, expected] of cases) t.equal(matches(pattern, image), expected, `${pattern} and ${image}`)
})

t.test('a pattern that no image could match says what is wrong', async t => {
  const cases: [pattern: string, fault: RegExp][] = [
    ['', /is empty/],
    ['https://ghcr.io', /scheme/],
    ['ghcr.io /acme', /space/],
    ['index.docker.io', /write docker.io/],
    ['registry-1.docker.io/acme', /write docker.io/],
    ['acme/web', /does not start with a registry/],
    ['*', /does not start with a registry/],
    ['-a.io', /host/],
    ['ghcr.io:x', /host/],
    ['ghcr.io/acme/*', /\*/],
    ['ghcr.io/acme:1', /tag/],
    ['ghcr.io/acme@sha256', /tag/],
    ['ghcr.io/Acme', /capital/],
    ['ghcr.io/', /path/],
    ['ghcr.io//acme', /path/],
  ]
  for (const [pattern, fault] of cases) t.match(parsePattern(pattern), { fault }, pattern)
})

t.test('an image gets the class of the most specific pattern', async t => {
  const registries: Registries = {
    ...DEFAULTS,
    private: ['ghcr.io/acme', '*.example.com', 'quay.io', 'docker.io/library/secret'],
    node: ['ghcr.io/acme/public/node', 'a.*.com', '*.*.com', 'gcr.io', 'x*.io', 'broken/'],
    default: 'unlisted',
  }
  const classify = classifier(registries)
  const cases: [image: string, expected: string][] = [
    ['nginx', 'public'],
    ['library/secret', 'private'],
    ['acme/web', 'mixed'],
    ['ghcr.io/acme/web', 'private'],
    ['ghcr.io/acme/public/node', 'node'],
    ['ghcr.io/acme-evil/web', 'mixed'],
    ['a.example.com/web', 'private'],
    ['a.other.com/web', 'node'],
    ['quay.io/web', 'private'],
    ['gcr.io/web', 'node'],
    ['eu.gcr.io/web', 'mixed'],
    ['xyz.io/web', 'node'],
    ['reg.io/web', 'unlisted'],
  ]
  for (const [image, expected] of cases) t.equal(classify(nameOf(image)).registryClass, expected, image)
  t.equal(classifier({ ...NONE, default: 'private' })(nameOf('nginx')).registryClass, 'private')
})

t.test(
  'that nodes log in themselves holds for the port as it is written, as for their credential providers',
  async t => {
    const classify = classifier({ ...NONE, node: ['ecr.aws', '*.ecr.aws', 'reg.io:443'], private: ['*.aws'] })
    const classOf = (image: string) => classify(nameOf(image)).registryClass
    t.equal(classOf('ecr.aws/web'), 'node')
    t.equal(classOf('ecr.aws:443/web'), 'private')
    t.equal(classOf('a.ecr.aws/web'), 'node')
    t.equal(classOf('a.ecr.aws:443/web'), 'unlisted')
    t.equal(classOf('reg.io:443/web'), 'node')
    t.equal(classOf('reg.io/web'), 'unlisted')
  },
)

t.test('a glob with a longer path wins over a host', async t => {
  const classify = classifier({ ...NONE, private: ['*.io/acme'], public: ['ghcr.io'] })
  t.equal(classify(nameOf('ghcr.io/acme/web')).registryClass, 'private')
  t.equal(classify(nameOf('ghcr.io/other/web')).registryClass, 'public')
})

t.test('the class is that of the first of all matching patterns by specificity', async () => {
  const texts = [
    'ghcr.io',
    '*.io',
    'ghcr.io/acme',
    '*.io/acme',
    'ghcr.io/acme/web',
    'gh*.io',
    'ghcr.*',
    '*.*',
    'quay.io',
  ]
  const list = fc.uniqueArray(fc.constantFrom(...texts))
  const lists = fc.record({ private: list, node: list, public: list, mixed: list })
  const images = ['ghcr.io/acme/web', 'ghcr.io/acme/x', 'ghcr.io/x', 'quay.io/acme/x', 'reg.example.com/x']
  fc.assert(
    fc.property(lists, fc.constantFrom(...images), (registries, image) => {
      const classes = ['private', 'node', 'public', 'mixed'] as const
      const rank = (text: string) => {
        const [host = '', ...segments] = text.split('/')
        return segments.length * 10 + host.split('.').filter(part => !part.includes('*')).length
      }
      const found = classes.flatMap(name =>
        registries[name].filter(text => matches(text, image)).map(text => ({ name, rank: rank(text) })),
      )
      const best = found.reduce((a, b) => (b.rank > a.rank ? b : a), { name: 'unlisted', rank: -1 })
      return classifier({ ...registries, default: 'unlisted' })(nameOf(image)).registryClass === best.name
    }),
  )
})

const annotated = (pattern: string, ...serviceAccountAnnotations: string[]) => ({ pattern, serviceAccountAnnotations })

t.test('a registry of the nodes may need something of the ServiceAccount, unless another entry does not', async t => {
  const cases = [
    { name: 'one entry', node: [annotated('quay.io', 'a')], image: 'quay.io/web', needs: [['a']] },
    { name: 'another image', node: [annotated('quay.io/acme', 'a')], image: 'quay.io/web', needs: undefined },
    {
      name: 'two providers',
      node: [annotated('quay.io', 'a'), annotated('quay.io', 'b', 'c')],
      image: 'quay.io/web',
      needs: [['a'], ['b', 'c']],
    },
    {
      name: 'a plain one as well',
      node: [annotated('quay.io', 'a'), 'quay.io'],
      image: 'quay.io/web',
      needs: undefined,
    },
    {
      name: 'a wider plain one',
      node: [annotated('quay.io/a', 'a'), '*.io'],
      image: 'quay.io/a/web',
      needs: undefined,
    },
    { name: 'one with globs', node: [annotated('*.io', 'a')], image: 'quay.io/web', needs: [['a']] },
    { name: 'a port', node: [annotated('quay.io', 'a'), 'quay.io:443'], image: 'quay.io/web', needs: [['a']] },
  ]
  for (const { name, node, image, needs } of cases) {
    const decision = classifier({ ...NONE, node })(nameOf(image))
    t.strictSame(decision.needs, needs, name)
  }
})

t.test('a more specific pattern of another class goes before what needs something', async t => {
  const classify = classifier({ ...NONE, node: [annotated('quay.io', 'a')], public: ['quay.io/open'] })
  t.match(classify(nameOf('quay.io/open/web')), { registryClass: 'public', needs: undefined })
})
