import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const pages = globSync(['*.md', '.github/*.md', '{docs,charts,bench,test}/**/*.md'], { cwd: ROOT }).sort()
/** A file or folder of ours, in a sentence, a table or a command. */
const OUR_PATH = /(?<![\w/.-])(?:src|test)\/[\w./-]*\w/g
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const { scripts } = JSON.parse(read('package.json'))

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  )
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  return existsSync(join(ROOT, target)) && (anchor === undefined || anchorsOf(read(target)).includes(anchor))
}

for (const page of pages) {
  t.test(
    `every link of ${page} leads somewhere, and the sources, tests and scripts that it names are there`,
    async t => {
      const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
      const paths = [...read(page).matchAll(OUR_PATH)].map(([path]) => path)
      const commands = [...read(page).matchAll(/\bnpm run ([\w:-]*\w)/g)].map(([, script = '']) => script)
      t.strictSame(
        {
          links: links.filter(link => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, link)),
          paths: paths.filter(path => !existsSync(join(ROOT, path))),
          scripts: commands.filter(script => !Object.hasOwn(scripts, script)),
        },
        { links: [], paths: [], scripts: [] },
      )
    },
  )
}

const workflows = globSync('.github/workflows/*.yaml', { cwd: ROOT }).sort()

t.test('the workflows run what is there', async t => {
  t.strictSame(
    workflows.map(file => parse(read(file)).name),
    ['codeql', 'release', 'scorecard', 'test'],
  )
  for (const file of workflows) {
    const paths = [...read(file).matchAll(/(charts|release|test|\.ci)\/[\w./-]*\w/g)].map(([path]) => path)
    t.strictSame(
      paths.filter(path => !existsSync(join(ROOT, path))),
      [],
    )
    const { permissions, jobs } = parse(read(file))
    t.strictSame(permissions, { contents: 'read' }, 'nothing more than a job asks for')
    for (const [name, job] of Object.entries<{ 'timeout-minutes'?: number }>(jobs)) {
      t.type(job['timeout-minutes'], 'number', `${file}: ${name} ends`)
    }
  }
})

t.test('actions and images are pinned by digest, with the version beside it, and each action once', async t => {
  const actions = [...workflows, 'action.yaml'].flatMap(file =>
    [...read(file).matchAll(/uses: (.*)/g)].map(([, action = '']) => action),
  )
  t.strictSame(
    actions.filter(action => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action)),
    [],
  )
  const repositories = new Set(actions.map(action => action.split(/[@ ]/)[0]?.split('/').slice(0, 2).join('/')))
  const pins = new Set(actions.map(action => action.replace(/^([^/]+\/[^/@]+)[^@]*/, '$1')))
  t.equal(pins.size, repositories.size, [...pins].sort().join('\n'))
  const images = [...read('Dockerfile').matchAll(/^(?:FROM|# syntax=) ?(\S+)/gm)].map(([, image = '']) => image)
  t.strictSame(
    images.filter(image => !/^[^@]+:[^@]+@sha256:[0-9a-f]{64}$/.test(image)),
    [],
  )
  t.ok(images.length > 0 && actions.length > 0)
})

t.test('docs/support.md names the versions that the tests run, and the chart the oldest Kubernetes', async t => {
  const page = read('docs/support.md')
  const pinned = (file: string, pattern: RegExp) => read(file).match(pattern)?.[1] ?? `${file} has no ${pattern}`
  const definitions = 'test/e2e/chart/definitions.ts'
  const versions = [
    pinned('test/e2e/kubernetes/go.mod', /k8s\.io\/kubernetes v(\S+)/),
    pinned('test/e2e/helm/go.mod', /helm\.sh\/helm\/v4 v(\S+)/),
    pinned(definitions, /argo-cd\/v3@v([\d.]+)/),
    pinned(definitions, /cert-manager@v([\d.]+)/),
    pinned(definitions, /prometheus-operator@v([\d.]+)/),
    pinned('package.json', /"node": ">=([\d.]+)"/),
    pinned('charts/regcred/Chart.yaml', /kubeVersion: ">=(\d+\.\d+)\.0-0"/),
  ]
  t.strictSame(
    versions.filter(version => !page.includes(` ${version}`)),
    [],
  )
})
