import { execFile } from 'node:child_process'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { outputOf } from '../../control-plane/kubectl.ts'
import { CHART, createHelm, objectsOf, RELEASE, valueArgs } from '../helm.ts'

/** The chart as it is released: the workflow's own step pins in it the image that was built. */
const WORKFLOW = fileURLToPath(new URL('../../../../.github/workflows/release.yaml', import.meta.url))
const DIGEST = `sha256:${'3f9c'.repeat(16)}`
const OTHER = `sha256:${'a1b2'.repeat(16)}`
const helm = createHelm()
const tree = t.testdir()
const released = join(tree, 'charts/regcred')

interface Workflow {
  readonly jobs: { readonly chart: { readonly steps: readonly { readonly run?: string }[] } }
}

t.before(async () => {
  const { jobs }: Workflow = parse(await readFile(WORKFLOW, 'utf8'))
  const [pin, ...rest] = jobs.chart.steps.flatMap(({ run = '' }) => run.match(/^[\s\S]*?(?=^helm lint)/m) ?? [])
  if (pin === undefined || rest.length > 0) throw new Error('one step is expected to pin the image and lint the chart')
  await mkdir(join(tree, 'charts'))
  await cp(CHART, released, { recursive: true })
  // As a runner does it.
  const env = { PATH: process.env['PATH'], DIGEST, IMAGE: 'ghcr.io/regcred/regcred' }
  await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', pin], { cwd: tree, env })
  outputOf(await helm('lint', '--strict', released))
})

/** What is set, and the image of every container. */
const images: { name: string; sets: string[]; image: string }[] = [
  { name: 'nothing: the image that was built with the chart', sets: [], image: `ghcr.io/regcred/regcred@${DIGEST}` },
  { name: 'a tag: that', sets: ['image.tag="1.2.3"'], image: 'ghcr.io/regcred/regcred:1.2.3' },
  { name: 'a digest: that', sets: [`image.digest="${OTHER}"`], image: `ghcr.io/regcred/regcred@${OTHER}` },
  {
    name: 'a tag and a digest: what the digest names',
    sets: ['image.tag="1.2.3"', `image.digest="${OTHER}"`],
    image: `ghcr.io/regcred/regcred@${OTHER}`,
  },
  {
    name: 'a registry, where a copy may have another digest: the tag of the version',
    sets: ['image.repository="registry.example.com/regcred"'],
    image: 'registry.example.com/regcred:VERSION',
  },
  {
    name: 'a registry and a digest: both',
    sets: ['image.repository="registry.example.com/regcred"', `image.digest="${OTHER}"`],
    image: `registry.example.com/regcred@${OTHER}`,
  },
]

for (const { name, sets, image } of images) {
  t.test(`where a release is given ${name}`, async t => {
    const { appVersion } = parse(await readFile(join(released, 'Chart.yaml'), 'utf8'))
    const args = ['template', RELEASE, released, `--namespace=${RELEASE}`, ...valueArgs([], sets)]
    const rendered = JSON.stringify(objectsOf(outputOf(await helm(...args))))
    const named = new Set([...rendered.matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image))
    t.strictSame([...named], [image.replace('VERSION', appVersion)])
  })
}
