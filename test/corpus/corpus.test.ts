import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkManifests } from '../../src/engine/check-manifests.ts'
import type { Manifest } from '../../src/manifests/found.ts'
import { parseManifests } from '../../src/manifests/read.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { apply, NOW, titleOf } from './apply.ts'
import { clusterOf, placeOf, referencesOf } from './cluster.ts'
import { type CorpusObject, describe, type Json } from './objects.ts'
import sources from './sources.json' with { type: 'json' }

/**
 * The bar for quiet: real manifests, in clusters that match them, are told nothing. Where they are from: corpus/README.md.
 */
const FOLDER = join(import.meta.dirname, 'manifests')
const MISSING = /: Secret "[^"]+" does not exist in namespace/

const files = await Promise.all(
  sources.map(async ({ file, namespace = 'default' }) => {
    const manifests = orThrow(await parseManifests(file, readFileSync(join(FOLDER, file), 'utf8')))
    return { file, namespace, manifests, objects: manifests.map(manifest => describe(manifest, namespace)) }
  }),
)

t.test('the corpus is as large and as mixed as it should be', async t => {
  const found = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const names = found.map(entry => join(entry.parentPath, entry.name).slice(FOLDER.length + 1))
  t.strictSame(names.sort(), sources.map(({ file }) => file).sort(), 'every file has its origin')
  const origins = new Set(sources.map(source => source.package))
  const referring = files.filter(({ objects }) =>
    objects.some(({ namespace, pods }) => pods.some(pod => referencesOf(objects, namespace, pod).length > 0)),
  )
  t.ok(files.length >= 60, `${files.length} files`)
  t.ok(origins.size >= 25, `${origins.size} origins`)
  t.ok(referring.length >= 20, `${referring.length} files refer to pull secrets`)
  t.ok(files.length - referring.length >= 20, `${files.length - referring.length} do not`)
  t.strictSame([...new Set(sources.map(({ license }) => license))], ['Apache-2.0'])

  const objects = files.flatMap(file => file.objects).filter(({ pods }) => pods.length > 0)
  const kinds = new Set(objects.map(({ kind }) => kind))
  const hosts = new Set(objects.flatMap(({ pods }) => pods.flatMap(({ images }) => images.map(i => placeOf(i).host))))
  t.ok(objects.length >= 150, `${objects.length} objects with Pods`)
  const builtIn = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicationController']
  t.strictSame(
    [...builtIn, 'Rollout', 'DeploymentConfig', 'RayCluster'].filter(kind => !kinds.has(kind)),
    [],
  )
  const shared = ['docker.io', 'ghcr.io', 'quay.io', 'gcr.io', 'registry.k8s.io', 'public.ecr.aws']
  t.strictSame(
    [...shared, 'registry.example.com:5000'].filter(host => !hosts.has(host)),
    [],
  )
})

for (const { file, namespace, manifests, objects } of files) {
  const matching = await parse(clusterOf(objects, { secrets: true, further: [] }))
  const { settings, hosts } = strictest(objects)

  t.test(file, async t => {
    const covering = await parse(clusterOf(objects, { secrets: true, further: hosts }))
    const bare = await parse(clusterOf(objects, { secrets: false, further: [] }))
    const warned = (await apply(objects, bare, defaultSettings)).filter(({ warnings }) => warnings.length > 0)
    const rulebook = prepareRulebook(defaultSettings)
    const options = { namespace, strict: false, now: () => NOW }
    const lint = async (...[files, tweak]: [readonly Manifest[], object]) => {
      const { errors, objects } = await checkManifests(files, rulebook, { ...options, ...tweak })
      return [...errors, ...objects.flatMap(({ findings }) => findings)]
    }
    t.strictSame(
      {
        'said where the pull secrets are there': await apply(objects, matching, defaultSettings),
        'said where all is private and covered': await apply(objects, covering, settings),
        'warned without the pull secrets': [...new Set(warned.map(({ object }) => object))],
        'warned of anything else, or twice': warned.filter(
          ({ warnings: [first = '', ...more] }) => more.length > 0 || !MISSING.test(first),
        ),
        'found by check': await lint(manifests, {}),
        'found by check --strict': await lint(matching, { strict: true }),
      },
      {
        'said where the pull secrets are there': [],
        'said where all is private and covered': [],
        'warned without the pull secrets': objects.filter(object => mustWarn(objects, object)).map(titleOf),
        'warned of anything else, or twice': [],
        'found by check': [],
        'found by check --strict': [],
      },
    )
  })
}

/** All that is not public by default is private, further kinds with a template are known, and nothing is exempt. */
function strictest(objects: readonly CorpusObject[]): { readonly settings: Settings; readonly hosts: string[] } {
  const images = objects.flatMap(({ pods }) => pods.flatMap(pod => pod.images))
  const places = images.filter(image => !isPublic(image)).map(placeOf)
  const patterns = places.map(({ host, first }) => (first === '' ? host : `${host}/${first}`))
  return {
    hosts: [...new Set(places.map(({ host }) => host))],
    settings: {
      ...defaultSettings,
      registries: { ...defaultSettings.registries, private: [...new Set(patterns)] },
      templates: [
        { group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' },
        { group: 'apps.openshift.io', kind: 'DeploymentConfig', path: '/spec/template' },
        { group: 'ray.io', kind: 'RayCluster', path: '/spec/headGroupSpec/template' },
      ],
      exemptions: { namespaces: [], usernames: [] },
    },
  }
}

/**
 * Whether an object is worth a warning where none of the pull secrets exist: if it names one itself, or if its ServiceAccount
 * does and an image may be a private one.
 */
function mustWarn(objects: readonly CorpusObject[], { namespace, pods }: CorpusObject): boolean {
  if (defaultSettings.exemptions.namespaces.includes(namespace)) return false
  return pods.some(pod => {
    if (pod.references.length > 0) return true
    return referencesOf(objects, namespace, pod).length > 0 && pod.images.some(image => !isPublic(image))
  })
}

function isPublic(image: string): boolean {
  const { host, first } = placeOf(image)
  const patterns = defaultSettings.registries.public
  return patterns.includes(host) || patterns.includes(`${host}/${first}`)
}

async function parse(items: readonly Json[]): Promise<readonly Manifest[]> {
  return orThrow(await parseManifests('cluster', JSON.stringify({ apiVersion: 'v1', kind: 'List', items })))
}

function orThrow(parsed: Awaited<ReturnType<typeof parseManifests>>): readonly Manifest[] {
  if (!parsed.ok) throw new Error(parsed.faults.join())
  return parsed.manifests
}
