import type { Fault, Found, Manifest, Other } from '../manifests/found.ts'
import { ManifestView } from '../manifests/view.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { readManifestSubject } from '../review/manifest.ts'
import type { Subject } from '../review/review.ts'
import type { CheckedObject } from './checked.ts'

export interface InputOptions {
  /** The namespace of an object that names none. */
  readonly namespace: string
  /** Whether what is not in the input is absent, rather than unknown. */
  readonly strict: boolean
}

/** What is kept of an object that is judged: never the object, of which there may be very many. */
export interface InputSubject {
  readonly manifest: CheckedObject['manifest']
  readonly name: string
  readonly namespace: string
  readonly subject: Exclude<Subject, { readonly about: 'nothing' }>
}

interface Input {
  readonly view: ManifestView
  readonly subjects: readonly InputSubject[]
  readonly faults: readonly Fault[]
  readonly others: readonly Other[]
  readonly objects: number
  readonly workloads: number
}

/** Goes through the input once, one object at a time. */
export async function readInput(
  all: AsyncIterable<Found> | Iterable<Found>,
  { settings }: Rulebook,
  { namespace: fallback, strict }: InputOptions,
): Promise<Input> {
  const { secrets } = settings.view
  const view = new ManifestView([], { namespace: fallback, sparse: !strict, secrets })
  const subjects: InputSubject[] = []
  const faults: Fault[] = []
  const others: Other[] = []
  let objects = 0
  let workloads = 0
  for await (const found of all) {
    if ('fault' in found) faults.push(found.fault)
    else if ('other' in found) others.push(found)
    else {
      objects += 1
      view.hold(found)
      const { name, namespace, subject } = readManifestSubject(found, fallback, settings.templates)
      if (subject.about !== 'nothing' && (subject.about !== 'secret' || secrets === 'contents'))
        subjects.push({ manifest: withoutObject(found), name, namespace, subject })
      if (['pod', 'template', 'unreadable'].includes(subject.about)) workloads += 1
    }
  }
  return { view, subjects, faults, others, objects, workloads }
}

function withoutObject({ object: _, placeOf: __, ...manifest }: Manifest): CheckedObject['manifest'] {
  return manifest
}
