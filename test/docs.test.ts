import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const pages = globSync(['*.md', '{docs,charts,bench,test}/**/*.md'], { cwd: ROOT }).sort()
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

for (const page of pages) {
  t.test(
    `every link of ${page} leads somewhere, and the sources, tests and scripts that it names are there`,
    async t => {
      const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
      for (const link of links.filter(link => !/^[a-z]+:/.test(link))) {
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? page : join(dirname(page), path)
        t.ok(existsSync(join(ROOT, target)), link)
        if (anchor !== undefined) t.ok(anchorsOf(read(target)).includes(anchor), link)
      }
      for (const [path] of read(page).matchAll(OUR_PATH)) t.ok(existsSync(join(ROOT, path)), path)
      for (const [, script = ''] of read(page).matchAll(/\bnpm run ([\w:-]*\w)/g))
        t.ok(Object.hasOwn(scripts, script), script)
    },
  )
}

t.test('the workflows run what is there', async t => {
  const workflows = globSync('.github/workflows/*.yaml', { cwd: ROOT })
  t.strictSame(workflows.map(file => parse(read(file)).name).sort(), ['release', 'test'])
  for (const file of workflows) {
    for (const [path = ''] of read(file).matchAll(/(charts|test|\.ci)\/[\w./-]*\w/g)) {
      t.ok(existsSync(join(ROOT, path)), path)
    }
    t.match(parse(read(file)).permissions, { contents: 'read' }, 'nothing more than a job asks for')
  }
})
