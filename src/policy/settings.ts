import type { FindingCode } from './finding.ts'
import type { Registries } from './registries/classifier.ts'

export const MODES = ['off', 'audit', 'warn', 'enforce'] as const
/** What findings do in a namespace. */
export type Mode = (typeof MODES)[number]

/** What every part of the program goes by: the configuration file laid over the defaults. Frozen, however deep. */
export interface Settings {
  readonly mode: Mode
  /** Findings that are not made at all. */
  readonly ignore: readonly FindingCode[]
  readonly enforce: {
    /** Whether Pods that a controller owns may be refused. */
    readonly controllers: boolean
    /** What becomes of an object of which too little could be found out in time. */
    readonly unknown: 'allow' | 'refuse'
    /** Whether a template is refused for a Secret that does not exist, though it may yet arrive. */
    readonly missingSecrets: MissingSecrets
    /** What a refusal adds for who is refused, e.g. where the platform team can be asked; empty for nothing. */
    readonly help: string
  }
  readonly controllers: {
    /** Users, and groups as `group:NAME`, who are believed like the controllers of Kubernetes; `*` is any characters. */
    readonly builtin: readonly string[]
    /** Who is believed about an owner of another than a built-in kind. */
    readonly trust: 'serviceAccounts' | 'listed'
  }
  readonly registries: Registries
  readonly inject: {
    /** Whether pull secrets are added to Pods; `auto`: as the mode says. */
    readonly enabled: boolean | 'auto'
    /** Whether the pull secret that fits an image may be found, rather than only be written down. */
    readonly match: boolean
    /** Whether a Pod's own annotation may keep it from being injected. */
    readonly optOut: boolean
    /** What becomes of a name that is written down and missing. */
    readonly whenMissing: 'reference' | 'skip'
    /** Names for every Pod. */
    readonly secrets: readonly string[]
    readonly rules: readonly InjectRule[]
  }
  /** Kinds with a Pod template beside the built-in ones. */
  readonly templates: readonly KindPath[]
  /** Kinds that make Secrets beside those that are known, and where they write the names of these. */
  readonly producers: readonly KindPath[]
  readonly exemptions: {
    readonly namespaces: readonly string[]
    readonly usernames: readonly string[]
  }
  readonly view: {
    /** How much of a pull secret is received: all of it, or only its metadata. */
    readonly secrets: 'contents' | 'names'
  }
  readonly suggestions: Suggestions
}

/**
 * When a Secret that a template lacks, and a private image needs, counts as one that will not arrive: once its name is proven
 * to be mistyped, never, or always.
 */
export type MissingSecrets = 'proven' | 'never' | 'always'

export const SUGGESTIONS = ['all', 'requester', 'none'] as const
/**
 * Who may learn which Secrets of a namespace are meant or would help, and what registries they are for: also who reads audit
 * annotations and logs (of these the names alone), only who asked for the review, or nobody.
 */
export type Suggestions = (typeof SUGGESTIONS)[number]

/** Names for the Pods with an image that one of the patterns matches. */
interface InjectRule {
  readonly images: readonly string[]
  readonly secrets: readonly string[]
}

/** A kind, and a JSON pointer into its objects, in which a part `*` stands for every item of a list or mapping. */
export interface KindPath {
  readonly group: string
  readonly kind: string
  readonly path: string
}

/** What holds where a configuration file says nothing. */
export const defaultSettings: Settings = freeze({
  mode: 'warn',
  ignore: [],
  enforce: { controllers: false, unknown: 'allow', missingSecrets: 'proven', help: '' },
  controllers: { builtin: [], trust: 'serviceAccounts' },
  registries: {
    private: [],
    node: [],
    // The source for each is in docs/configuration.md.
    public: [
      'docker.io/library',
      'registry.k8s.io',
      'public.ecr.aws',
      'mcr.microsoft.com',
      'mirror.gcr.io',
      'gcr.io/distroless',
      'registry.access.redhat.com',
      'docker.elastic.co',
      'reg.kyverno.io',
      'xpkg.crossplane.io',
    ],
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
    default: 'unlisted',
  },
  inject: { enabled: 'auto', match: true, optOut: true, whenMissing: 'reference', secrets: [], rules: [] },
  templates: [],
  producers: [],
  exemptions: { namespaces: ['kube-system', 'kube-node-lease'], usernames: [] },
  view: { secrets: 'contents' },
  suggestions: 'requester',
})

/** Freezes a tree of plain objects and lists, and returns it. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}

/** Each single setting with its path, in the order in which the defaults are written. A list is one setting. */
export function leavesOf(settings: Settings): readonly { path: readonly string[]; value: unknown }[] {
  return leavesBelow(settings, [])
}

function leavesBelow(value: unknown, path: readonly string[]): { path: readonly string[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }]
  return Object.entries(value).flatMap(([key, part]) => leavesBelow(part, [...path, key]))
}

/** Whether configuration takes this namespace or this user out of everything: nothing is injected, judged or said. */
export function isExempt(settings: Settings, namespace: string, username: string | undefined): boolean {
  const { namespaces, usernames } = settings.exemptions
  return namespaces.includes(namespace) || (username !== undefined && usernames.includes(username))
}
