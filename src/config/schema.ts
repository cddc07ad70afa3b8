import Type, { type Static, type TSchema } from 'typebox'
import { FINDINGS, isFindingCode } from '../policy/finding.ts'
import type { ListedClass } from '../policy/registry-class.ts'
import { defaultSettings, MODES } from '../policy/settings.ts'

export const API_VERSION = 'regcred.dev/v1alpha1'
export const KIND = 'AdmissionConfiguration'

/** RFC 1123: the names that Kubernetes accepts for a Namespace, and part by part for a Secret. */
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'

const defaults = defaultSettings

const secretName = Type.String({
  maxLength: 253,
  pattern: `^${LABEL}(\\.${LABEL})*$`,
  patternErrorMessage: 'is no name of a Secret: lower case letters, digits, "-" and "." only',
})

const pattern = Type.String({ description: 'A host, with "*" for parts of it, then whole path segments: ghcr.io/acme' })

/** The configuration file as it may be written: everything but its type can be left out. */
export const configurationSchema = closed(
  {
    apiVersion: Type.Enum([API_VERSION], { description: 'The version of this format.' }),
    kind: Type.Enum([KIND], { description: 'What this file configures.' }),
    mode: Type.Optional(
      Type.Enum([...MODES], {
        description:
          'What findings do: nothing (off), go to audit annotations, metrics and log (audit), also warn the person who ' +
          'applies (warn), also refuse what cannot be pulled (enforce). The namespace label regcred.dev/mode overrides it.',
        default: defaults.mode,
      }),
    ),
    ignore: list(Type.Enum(Object.keys(FINDINGS).filter(isFindingCode)), defaults.ignore, {
      description: 'Codes of findings that are not made at all.',
    }),
    enforce: section('What mode enforce reaches.', {
      controllers: flag('Whether Pods that a controller owns may be refused too.', defaults.enforce.controllers),
    }),
    registries: section('Which registries need credentials. The most specific pattern wins.', {
      private: patterns('private', 'Nothing can be pulled without credentials.'),
      node: patterns('node', 'The node itself has credentials, from a provider of the kubelet.'),
      public: patterns('public', 'Everything can be pulled without credentials.'),
      mixed: patterns('mixed', 'Hosts with public and with private images.'),
      default: Type.Optional(
        Type.Enum(['unlisted', 'private'], {
          description: 'What an image of a registry that is not listed counts as.',
          default: defaults.registries.default,
        }),
      ),
    }),
    inject: section('Which references Pods are given.', {
      enabled: flag(
        'Whether anything is injected. The namespace label regcred.dev/inject overrides it.',
        defaults.inject.enabled,
      ),
      match: flag('Whether to find the pull secret of the namespace that fits an image best.', defaults.inject.match),
      optOut: flag('Whether the Pod annotation regcred.dev/inject: disabled is heeded.', defaults.inject.optOut),
      whenMissing: Type.Optional(
        Type.Enum(['reference', 'skip'], {
          description: 'Whether a name that is written down is referenced before its Secret is there.',
          default: defaults.inject.whenMissing,
        }),
      ),
      secrets: list(secretName, defaults.inject.secrets, { description: 'Names of pull secrets for every Pod.' }),
      rules: list(
        closed(
          {
            images: Type.Array(pattern, { description: 'Patterns, as under registries.', minItems: 1 }),
            secrets: Type.Array(secretName, { description: 'Names of pull secrets.', minItems: 1 }),
          },
          { description: 'Names of pull secrets for Pods with an image that one of the patterns matches.' },
        ),
        defaults.inject.rules,
        { description: 'Names of pull secrets by image.' },
      ),
    }),
    templates: list(
      closed(
        {
          group: Type.String({
            description: 'The API group, "" for the core group.',
            maxLength: 253,
            pattern: `^(${LABEL}(\\.${LABEL})*)?$`,
            patternErrorMessage: 'is no API group, such as argoproj.io',
          }),
          kind: Type.String({
            description: 'The kind, as in manifests.',
            maxLength: 63,
            pattern: '^[A-Z][A-Za-z0-9]*$',
            patternErrorMessage: 'is no kind, such as Rollout',
          }),
          path: Type.String({
            description: 'The JSON pointer to the Pod template.',
            pattern: '^(/([^~/]|~[01])+)+$',
            patternErrorMessage: 'is no JSON pointer, such as /spec/template',
          }),
        },
        { description: 'A kind with a Pod template.' },
      ),
      defaults.templates,
      { description: 'Kinds with a Pod template beside the built-in ones. The webhook has to be registered for them.' },
    ),
    exemptions: section('What regcred leaves alone altogether.', {
      namespaces: list(
        Type.String({
          maxLength: 63,
          pattern: `^${LABEL}$`,
          patternErrorMessage: 'is no name of a Namespace: lower case letters, digits and "-" only',
        }),
        defaults.exemptions.namespaces,
        { description: 'Names of Namespaces, whole.' },
      ),
      usernames: list(Type.String({ minLength: 1 }), defaults.exemptions.usernames, {
        description: 'Names of users as the API server knows them, whole: system:serviceaccount:flux-system:flux.',
      }),
    }),
    view: section('What regcred receives of the cluster.', {
      secrets: Type.Optional(
        Type.Enum(['contents', 'names'], {
          description:
            'The contents of pull secrets, or their metadata alone. With names nobody can say which images a Secret ' +
            'covers, and inject.match is off. A change waits for a restart.',
          default: defaults.view.secrets,
        }),
      ),
    }),
    suggestions: flag('Whether a message may name another Secret of the same namespace.', defaults.suggestions),
  },
  { title: KIND, description: 'Configuration of the admission webhook regcred.' },
)

/** The configuration file, once it is known to keep to the schema. */
export type ConfigurationFile = Static<typeof configurationSchema>

/** The schema for editors, as plain JSON. Every key it uses means the same in JSON Schema draft 7 and later. */
export function jsonSchema(): unknown {
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...JSON.parse(JSON.stringify(configurationSchema)) }
}

function closed<P extends Record<string, TSchema>>(properties: P, options: { title?: string; description: string }) {
  return Type.Object(properties, { ...options, additionalProperties: false })
}

function section<P extends Record<string, TSchema>>(description: string, properties: P) {
  return Type.Optional(closed(properties, { description }))
}

function list<T extends TSchema>(items: T, value: readonly unknown[], options: { description: string }) {
  return Type.Optional(Type.Array(items, { ...options, default: value }))
}

function patterns(name: ListedClass, description: string) {
  return list(pattern, defaults.registries[name], { description })
}

function flag(description: string, value: boolean) {
  return Type.Optional(Type.Boolean({ description, default: value }))
}
