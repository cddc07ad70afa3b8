import type { Home, Tool } from '../advice/home.ts'
import type { SecretReading } from '../kubelet/secret.ts'
import type { NotString, PodTraits } from '../policy/facts.ts'
import type { Namespace } from '../policy/known.ts'
import type { Owner, Requester } from './maker.ts'

/** Which of the two webhooks the API server called. */
export type Stage = 'mutate' | 'validate'

/** An AdmissionReview, free of wire versions: who asked for what, and the part of the object that we read. */
export interface Review extends Requester {
  readonly uid: string
  readonly stage: Stage
  readonly dryRun: boolean
  /** Empty for an object that is in no namespace. */
  readonly namespace: string
  /** For people: `Pod web`, or `Pod web-` where the name is still to be generated. */
  readonly title: string
  readonly kind: string
  readonly subject: Subject
}

export type Subject = PodSubject | SecretSubject | NamespaceSubject | NothingToReview | Unreadable

/** A Pod, or the Pod that a template will make. */
export interface PodSubject extends PodTraits {
  /** Where it is changed. */
  readonly home: Home
  /** Whom the object names as its controller. Whether one made it depends on who asked as well. */
  readonly owner: Owner
  /** Annotation `regcred.dev/pull-secrets` of the Pod. */
  readonly pullSecrets: string | undefined
  readonly serviceAccountName: string
  /** Whether there is a `spec.imagePullSecrets`, which the patch appends to. */
  readonly hasList: boolean
  /** Names in that list, in order. */
  readonly references: readonly string[]
  /** Those of the names that the author of the object wrote; undefined where the object does not say. */
  readonly written: ReadonlySet<string> | undefined
  readonly images: readonly ImageField[]
  /** How many there were, where they were so many that the lists hold only the first of them. */
  readonly untrimmed?: { readonly images: number; readonly references: number }
}

/** An image as a Pod spec names it. */
export interface ImageField {
  /** Name of the container, or of the volume for an image volume. */
  readonly container: string
  readonly image: string
  readonly pulled: boolean
}

export interface SecretSubject {
  readonly about: 'secret'
  /** Whether it is in a file that nobody has applied yet, as far as is known. */
  readonly isFile: boolean
  /** What applies it, and undoes what is changed in the cluster. */
  readonly tool: Tool | undefined
  readonly reading: SecretReading
  /** Annotation `regcred.dev/ignore`: codes of findings that are not to be made about it. */
  readonly ignored: readonly string[]
}

export interface NamespaceSubject {
  readonly about: 'namespace'
  /** As of a Secret. */
  readonly isFile: boolean
  readonly namespace: Namespace
  /** Those of our labels and annotations whose value is no string: a file may say so, and the API server rejects it. */
  readonly notStrings: readonly NotString[]
  /** What it was until now, of one that is changed. */
  readonly before?: Namespace
}

/** A request that changes nothing we look at, e.g. a scaled Deployment or a deleted Pod. */
export interface NothingToReview {
  readonly about: 'nothing'
}

/** An object that is not what its kind says: it is let through, and the fault is annotated. */
interface Unreadable {
  readonly about: 'unreadable'
  /** The place and what was expected there; never a value. */
  readonly fault: string
}
