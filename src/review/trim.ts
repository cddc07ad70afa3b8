import type { PodSubject, Review, SecretSubject, Subject } from './review.ts'

/**
 * Images, references or registry entries that are handed on: the budget of a review never suffices for more, so whoever goes
 * on from here could not look at them.
 */
const MAX_TRIMMED_ITEMS = 12_000
/** The annotation with names of pull secrets: the API server stores no Pod with more in all its annotations. */
const MAX_ANNOTATIONS_LENGTH = 256 * 1024
/** What is said of an object that cannot be read. */
const MAX_FAULT_LENGTH = 1000

/** Leaves out of a review what nobody looks at, so that an object costs nothing any more once it has been read. */
export function trimReview(review: Review): Review {
  const subject = trimSubject(review.subject)
  return subject === review.subject ? review : { ...review, subject }
}

function trimSubject(subject: Subject): Subject {
  switch (subject.about) {
    case 'pod':
    case 'template':
      return trimPod(subject)
    case 'secret':
      return trimSecret(subject)
    case 'unreadable':
      return { ...subject, fault: subject.fault.slice(0, MAX_FAULT_LENGTH) }
    default:
      return subject
  }
}

function trimPod(subject: PodSubject): PodSubject {
  const { images, references, written, pullSecrets } = subject
  const isTrimmed = images.length > MAX_TRIMMED_ITEMS || references.length > MAX_TRIMMED_ITEMS
  const isWordy = (pullSecrets?.length ?? 0) > MAX_ANNOTATIONS_LENGTH || (written?.size ?? 0) > references.length
  if (!isTrimmed && !isWordy) return subject
  return {
    ...subject,
    ...(isTrimmed && { untrimmed: { images: images.length, references: references.length } }),
    images: images.slice(0, MAX_TRIMMED_ITEMS),
    references: references.slice(0, MAX_TRIMMED_ITEMS),
    // Nobody asks who wrote a name that is not there.
    written: written && new Set(references.filter(name => written.has(name))),
    pullSecrets: pullSecrets?.slice(0, MAX_ANNOTATIONS_LENGTH),
  }
}

/** One entry that is usable is kept, or it would be said that there is none. */
function trimSecret(subject: SecretSubject): SecretSubject {
  const { reading } = subject
  if (reading.kind !== 'pullSecret' || reading.entries.length <= MAX_TRIMMED_ITEMS) return subject
  const first = reading.entries.slice(0, MAX_TRIMMED_ITEMS)
  const usable = reading.entries.find(entry => entry.usable)
  const entries = usable === undefined || first.includes(usable) ? first : [...first.slice(1), usable]
  return { ...subject, reading: { ...reading, entries } }
}
