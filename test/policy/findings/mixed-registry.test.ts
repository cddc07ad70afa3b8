import t from 'tap'
import { parseImageName } from '../../../src/kubelet/image-name.ts'
import { findMeantEntry } from '../../../src/policy/findings/mixed-registry.ts'
import { UNKNOWN } from '../../../src/policy/known.ts'
import { present } from '../../../src/runtime/present.ts'
import { judgedCase, type PodTweak, pullSecret } from '../pod-case.ts'

function meant(tweak: PodTweak): string | undefined {
  const judgement = judgedCase({ references: ['own'], ...tweak })
  return findMeantEntry(present(judgement.images[0]), judgement)?.instead
}
const holding = (...keys: string[]) => ({ secrets: { own: pullSecret('own', ...keys) } })
const HUB = 'https://index.docker.io/v1/'

const cases: readonly [name: string, image: string, key: string, instead: string | undefined][] = [
  ["Docker Hub by its registry's host", 'acme/web', 'registry-1.docker.io', HUB],
  ["Docker Hub by its registry's host, with a version", 'docker.io/acme/web', 'https://registry-1.docker.io/v2/', HUB],
  ['Docker Hub by an old host', 'acme/web', 'https://registry.hub.docker.com', HUB],
  ["Docker Hub's website", 'acme/web', 'hub.docker.com', HUB],
  ['Docker Hub without the last slash', 'acme/web', 'https://index.docker.io/v1', HUB],
  ['a scheme of another program', 'ghcr.io/acme/web', 'oci://ghcr.io', 'ghcr.io'],
  ['a letter too many in the path', 'ghcr.io/acme/web', 'ghcr.io/acmee', 'ghcr.io/acme'],
  ['another repository of the same owner', 'quay.io/acme/web', 'quay.io/acme/api', 'quay.io/acme'],
  ['a letter of another in the path', 'quay.io/acme/web', 'quay.io/acne', 'quay.io/acme'],
  [
    'a group of GitLab',
    'registry.gitlab.com/acme/shop/web',
    'registry.gitlab.com/acm/shop',
    'registry.gitlab.com/acme',
  ],
  ['a project of Google', 'gcr.io/acme-prod/web', 'gcr.io/acme-prd', 'gcr.io/acme-prod'],
  [
    'a project of Artifact Registry',
    'europe-docker.pkg.dev/acme/r/web',
    'europe-docker.pkg.dev/acmee/r',
    'europe-docker.pkg.dev/acme',
  ],
  ['an organisation of NGC', 'nvcr.io/acme/web', 'nvcr.io/acmr', 'nvcr.io/acme'],
  ['another owner', 'ghcr.io/acme/web', 'ghcr.io/other', undefined],
  ['another port', 'ghcr.io/acme/web', 'ghcr.io:5000', undefined],
  ['another registry', 'ghcr.io/acme/web', 'quay.io', undefined],
]

for (const [name, image, key, instead] of cases) {
  t.test(name, async t => t.equal(meant({ images: [image], ...holding(key) }), instead))
}

const WRONG = { images: ['ghcr.io/acme/web'], ...holding('ghcr.io/acmee') }

t.test('an entry that the author did not list says nothing', async t => {
  t.equal(meant({ ...WRONG, origins: { own: 'serviceAccount' } }), undefined)
  t.equal(meant({ ...WRONG, origins: { own: 'configuration' } }), undefined)
})

t.test('nor does one that is of use for another image', async t => {
  t.equal(meant({ ...WRONG, images: [...WRONG.images, 'ghcr.io/acmee/api'] }), undefined, 'of the Pod')
  const otherImages = ['nginx', 'ghcr.io/acmee/api'].map(image => present(parseImageName(image)))
  t.equal(meant({ ...WRONG, facts: { otherImages } }), undefined, 'of the input')
  t.equal(
    meant({ ...WRONG, facts: { otherImages: otherImages.slice(0, 1) } }),
    'ghcr.io/acme',
    'any other does not count',
  )
  t.equal(meant({ ...WRONG, images: [...WRONG.images, 'NONE:'] }), 'ghcr.io/acme', 'nor one that is not valid')
})

t.test('of other classes, and of what is covered or unknown, it is not asked', async t => {
  for (const registryClass of ['public', 'node', 'unlisted', 'private'] as const) {
    t.equal(meant({ ...WRONG, registryClass }), undefined, registryClass)
  }
  t.equal(meant({ ...WRONG, ...holding('ghcr.io/acmee', 'ghcr.io') }), undefined)
  t.equal(meant({ ...WRONG, references: ['own', 'dark'], secrets: { ...WRONG.secrets, dark: UNKNOWN } }), undefined)
})

t.test('once the steps for explanations are spent nothing is found', async t => {
  const found = (steps: number) => {
    const judgement = judgedCase({ references: ['own'], ...WRONG })
    judgement.pod.budget.explanations.spend(100_000 - steps)
    return findMeantEntry(present(judgement.images[0]), judgement)?.instead
  }
  t.strictSame([found(0), found(120), found(1000)], [undefined, undefined, 'ghcr.io/acme'])
})
