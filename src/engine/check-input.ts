import { applicationOf } from '../manifests/application.ts'
import type { Fault, Found, Manifest, Origin, Other } from '../manifests/found.ts'
import { type OwnIgnore, readOwnIgnores } from '../manifests/ignores/own-ignores.ts'
import { KindPaths } from '../manifests/kind-paths.ts'
import { findMisplaced, SHAPE } from '../manifests/misplaced.ts'
import { isLive, Owners } from '../manifests/owners.ts'
import { explainUnrendered, isMeantAsPullSecret } from '../manifests/placeholder.ts'
import { byName, findPlaces, imagePlace, type NamedPlace, secretPlace } from '../manifests/places.ts'
import { isOfKind, secretsMadeBy } from '../manifests/secret-makers.ts'
import { TextPool } from '../manifests/text-pool.ts'
import { ManifestView } from '../manifests/view.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { KindPath } from '../policy/settings.ts'
import { findSpecs, type ManifestSubject, readManifestSubject } from '../review/manifest.ts'
import type { PodSubject, Subject } from '../review/review.ts'
import type { CheckedObject } from './checked.ts'

export interface InputOptions {
  /** The namespace of an object that names none. */
  readonly namespace: string
  /** Whether what is not in the input is absent, rather than unknown. */
  readonly strict: boolean
  /** Whether what objects ignore is judged all the same, and told as ignored. */
  readonly tellsIgnored?: boolean
}

/** What is kept of an object that is judged: never the object, of which there may be very many. */
export interface InputSubject {
  readonly manifest: CheckedObject['manifest']
  readonly name: string
  readonly namespace: string
  readonly subject: Exclude<Subject, { readonly about: 'nothing' | 'unreadable' }>
  readonly places: readonly NamedPlace[]
  /** What its labels say it is a part of. */
  readonly application: string | undefined
  /** What it says that is to be ignored; left out where that is nothing, as nearly always. */
  readonly ignores?: readonly OwnIgnore[]
}

const NO_IGNORES: readonly OwnIgnore[] = []
const NO_SPEC = { specPath: undefined, templates: [] } as const

/** Goes through the input once, one object at a time. */
export class Input {
  readonly view: ManifestView
  readonly faults: Fault[] = []
  readonly others: Other[] = []
  /** What is judged, in its order: of a cluster's objects, none that says the same as its owner. */
  subjects: readonly InputSubject[] = []
  objects = 0
  workloads = 0
  readonly #found: InputSubject[] = []
  readonly #owners = new Owners()
  readonly #templates = new KindPaths('templates', 'a Pod template')
  readonly #producers = new KindPaths('producers', 'the name of a Secret')
  readonly #rulebook: Rulebook
  readonly #options: InputOptions

  constructor(rulebook: Rulebook, options: InputOptions) {
    const { view, producers } = rulebook.settings
    const { namespace, strict } = options
    this.view = new ManifestView([], { namespace, sparse: !strict, files: true, secrets: view.secrets, producers })
    this.#rulebook = rulebook
    this.#options = options
  }

  async read(all: AsyncIterable<Found> | Iterable<Found>): Promise<void> {
    // Gone with the files: what is kept of them has texts of its own.
    const texts = new TextPool()
    for await (const found of all) {
      if ('fault' in found) this.faults.push(found.fault)
      else if ('other' in found) {
        this.others.push({ file: found.file, other: found.other })
        if (found.kustomization !== undefined) this.view.hold(found.kustomization)
      } else this.#take(found, texts)
    }
    this.faults.push(...this.#templates.faults, ...this.#producers.faults)
    // Owners may come behind what they own.
    this.subjects = this.#found.filter(({ manifest, namespace, name, subject }) => {
      return subject.about !== 'pod' || this.#owners.isToldOnce(`${manifest.kind} ${namespace}/${name}`, subject)
    })
  }

  #take(found: Manifest, texts: TextPool): void {
    const { isBuiltIn, isWorkload, specs } = findSpecs(found, this.#rulebook.settings.templates)
    this.objects += 1
    this.view.hold(found)
    this.#noteProducer(found)
    if (isWorkload) this.workloads += 1
    const ignores = this.#ignoresAt(found, ['metadata'])
    if (isWorkload && !isBuiltIn) this.#templates.note(found, originOf(found), specs.length > 0)
    for (const { specPath, templates } of isWorkload ? specs : [NO_SPEC]) {
      for (const { path, message } of findMisplaced(found, specPath, isBuiltIn)) this.#fail(found, path, message)
      this.#takePart(found, specPath, templates, texts, ignores)
    }
  }

  /** What the metadata at a path says that is to be ignored. Of a Secret the webhook asks for no reason. */
  #ignoresAt(found: Manifest, metadata: readonly string[]): readonly OwnIgnore[] {
    if (this.#options.tellsIgnored !== true) return NO_IGNORES
    const { ignores, faults } = readOwnIgnores(found, metadata, found.kind === 'Secret')
    this.faults.push(...faults)
    return ignores
  }

  #noteProducer(found: Manifest): void {
    const producers = this.#rulebook.settings.producers.filter(producer => isOfKind(found, producer))
    if (producers.length > 0) this.#producers.note(found, originOf(found), secretsMadeBy(found, producers).length > 0)
  }

  /** One Pod spec of an object, or an object without any. */
  #takePart(
    found: Manifest,
    specPath: readonly string[] | undefined,
    templates: readonly KindPath[],
    texts: TextPool,
    ofObject: readonly OwnIgnore[],
  ): void {
    const { name, namespace, subject } = this.#subjectOf(found, templates)
    this.#owners.note(found, `${found.kind} ${namespace}/${name}`, subject.about === 'template')
    const isUnseen = subject.about === 'secret' && this.#rulebook.settings.view.secrets === 'names'
    if (subject.about === 'nothing' || isUnseen) return
    const places = findPlaces(found, specPath)
    if (subject.about === 'unreadable') {
      const [path, message] = explainUnreadable(subject.fault)
      this.#fail(found, path, `cannot read this ${found.kind}: ${message}`)
      return
    }
    const unrendered = findUnrendered(subject, namespace)
    if (unrendered === undefined) {
      const application = applicationOf(found.object)
      const judged = { manifest: withoutObject(found), name, namespace, subject, places, application }
      const isTemplate = specPath !== undefined && specPath.length > 1
      const ofTemplate = isTemplate ? this.#ignoresAt(found, [...specPath.slice(0, -1), 'metadata']) : NO_IGNORES
      const ignores = [...ofObject, ...ofTemplate]
      const kept = specPath === undefined ? judged : texts.copy(judged)
      this.#found.push(ignores.length === 0 ? kept : { ...kept, ignores })
      return
    }
    const [key, message] = unrendered
    this.faults.push({ ...originOf(found), ...byName(places).get(key), message })
  }

  #subjectOf(found: Manifest, templates: readonly KindPath[]): ManifestSubject {
    const read = readManifestSubject(found, this.#options.namespace, templates, isMeantAsPullSecret)
    // What runs has been given what it will ever have.
    const { subject } = read
    if (subject.about === 'secret' && this.#options.tellsIgnored === true)
      return { ...read, subject: { ...subject, ignored: [] } }
    if (subject.about !== 'pod' || !isLive(found.object)) return read
    return { ...read, subject: { ...subject, form: 'stored', change: 'update' } }
  }

  #fail(found: Manifest, path: readonly (string | number)[], message: string): void {
    this.faults.push({ ...originOf(found), ...found.placeOf?.(path), message })
  }
}

/** A text of a Pod that is still to be filled in by another tool, by its place, and what to do: of such a Pod nothing can be said. */
function findUnrendered(subject: Subject, namespace: string): readonly [key: string, message: string] | undefined {
  if (subject.about !== 'pod' && subject.about !== 'template') return undefined
  for (const [key, text] of textsOf(subject, namespace)) {
    const message = explainUnrendered(text)
    if (message !== undefined) return [key, message]
  }
  return undefined
}

function* textsOf(
  { images, references, serviceAccountName }: PodSubject,
  namespace: string,
): Generator<[string, string]> {
  for (const { container, image } of images) yield [imagePlace(container, image), image]
  for (const name of references) yield [secretPlace(name), name]
  yield ['', serviceAccountName]
  yield ['', namespace]
}

/** The path that a fault begins with, and what is wrong, with the shape of what people get wrong most. */
function explainUnreadable(fault: string): readonly [path: readonly (string | number)[], message: string] {
  const written = fault.slice(0, Math.max(0, fault.indexOf(' must be ')))
  const path = written.split(/[.[\]]+/).flatMap(part => (part === '' ? [] : /^\d+$/.test(part) ? Number(part) : part))
  return [path, /imagePullSecrets(\[\d+\])? must be a (list|mapping)$/.test(fault) ? `${fault}; ${SHAPE}` : fault]
}

function withoutObject({ object: _, placeOf: __, ...manifest }: Manifest): CheckedObject['manifest'] {
  return manifest
}

function originOf({ apiVersion: _, kind: __, object: ___, placeOf: ____, ...origin }: Manifest): Origin {
  return origin
}
