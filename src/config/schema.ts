import Type, { type Static } from 'typebox'
import { FINDINGS, isFindingCode } from '../policy/finding.ts'
import type { ListedClass } from '../policy/registries/classifier.ts'
import { defaultSettings, MODES, type Mode, SUGGESTIONS } from '../policy/settings.ts'
import { API_VERSION, KIND } from './configuration.ts'
import { choice, closed, flag, list, section } from './field.ts'
import { kindPath, LABEL, MAX_LABEL_LENGTH, MAX_NAME_LENGTH } from './kind-path.ts'
import { nodeEntry, pattern } from './registry-entry.ts'

/** Characters of the text that a refusal adds: kubectl prints it in one line behind the rest. */
const MAX_HELP_LENGTH = 300

const defaults = defaultSettings

const secretName = Type.String({
  maxLength: MAX_NAME_LENGTH,
  pattern: `^${LABEL}(\\.${LABEL})*$`,
  patternErrorMessage: 'is not a valid Secret name; use lower case letters, digits, "-" and "."',
})

/** The configuration file as it may be written: everything but its type can be left out. */
export const configurationSchema = closed(
  {
    apiVersion: Type.Enum([API_VERSION], { description: 'The version of this format.' }),
    kind: Type.Enum([KIND], { description: 'What this file configures.' }),
    mode: choice<Mode | false>(
      [...MODES, false],
      defaults.mode,
      'What happens with findings. off (or false, which is how YAML 1.1 reads off): nothing. audit: they go to audit ' +
        'annotations, metrics and log. warn: also shown to the person who applies the object. enforce: Pods that cannot ' +
        'pull are also refused. The namespace label regcred.dev/mode overrides it. Whether pull secrets are added follows it.',
    ),
    ignore: list(Type.Enum(Object.keys(FINDINGS).filter(isFindingCode)), defaults.ignore, {
      description: 'Finding codes to disable.',
    }),
    enforce: section('What mode enforce applies to.', {
      controllers: flag('Whether enforce also refuses Pods that controllers make.', defaults.enforce.controllers),
      unknown: choice(
        ['allow', 'refuse'],
        defaults.enforce.unknown,
        'What to do with an object of which too little could be read from the API server in time. refuse: answer ' +
          '429, so that kubectl and Helm try again. What controllers make is let through in any case.',
      ),
      missingSecrets: choice(
        ['proven', 'never', 'always'],
        defaults.enforce.missingSecrets,
        'Whether enforce refuses a workload (a template) that lacks a Secret which a private image needs. proven: only if ' +
          'its name is plainly that of the one similar Secret, which has credentials for the image, mistyped. always: also ' +
          'what applies its Secrets later, such as Helm charts with an ExternalSecret.',
      ),
      help: Type.Optional(
        Type.String({
          description: 'A text or a link of your own at the end of every refusal, such as where to ask.',
          maxLength: MAX_HELP_LENGTH,
          default: defaults.enforce.help,
        }),
      ),
    }),
    controllers: section('Who is a controller. What controllers make is not refused, and nobody is warned of it.', {
      builtin: list(Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH }), defaults.controllers.builtin, {
        description:
          'Users whose objects with a controller owner count as made by it, besides the controllers of Kubernetes: ' +
          'user names, or groups as group:NAME. "*" stands for any characters.',
      }),
      trust: choice(
        ['serviceAccounts', 'listed'],
        defaults.controllers.trust,
        'Who else is believed about an owner that is not of Kubernetes itself: every ServiceAccount, or only who ' +
          'is listed in builtin.',
      ),
    }),
    registries: section('Which registries need credentials. The most specific pattern wins.', {
      private: patterns('private', 'Every image needs credentials.'),
      node: list(nodeEntry, defaults.registries.node, {
        description:
          'The nodes log in themselves, with a credential provider of the kubelet or to a mirror. An entry is a pattern, or ' +
          'a mapping of a pattern and the annotations without which the provider does not serve a ServiceAccount.',
      }),
      public: patterns('public', 'No image needs credentials.'),
      mixed: patterns('mixed', 'Registries with public and private images.'),
      default: choice(
        ['unlisted', 'private'],
        defaults.registries.default,
        'The class of images from a registry that is not in these lists.',
      ),
    }),
    inject: section('Which pull secrets are added to the imagePullSecrets of Pods.', {
      enabled: choice(
        ['auto', true, false],
        defaults.inject.enabled,
        'Whether pull secrets are added to Pods. auto: where mode, or the namespace label regcred.dev/mode, is warn or ' +
          'enforce; in mode audit it is only recorded what would be added. The namespace label regcred.dev/inject ' +
          'overrides it.',
      ),
      match: flag('Whether to add the pull secret of the namespace that best matches an image.', defaults.inject.match),
      optOut: flag(
        'Whether a Pod can opt out with the annotation regcred.dev/inject: disabled.',
        defaults.inject.optOut,
      ),
      whenMissing: choice(
        ['reference', 'skip'],
        defaults.inject.whenMissing,
        'What to do with a configured secret that does not exist yet: add it (reference) or leave it out (skip).',
      ),
      secrets: list(secretName, defaults.inject.secrets, {
        description: 'Secrets to add to every Pod with an image that they match.',
      }),
      rules: list(
        closed(
          {
            images: Type.Array(pattern, { description: 'Patterns, as under registries.', minItems: 1 }),
            secrets: Type.Array(secretName, { description: 'Names of pull secrets.', minItems: 1 }),
          },
          { description: 'Secrets to add to Pods with an image that one of the patterns matches.' },
        ),
        defaults.inject.rules,
        { description: 'Secrets to add, by image.' },
      ),
    }),
    templates: list(
      kindPath(
        'A kind with a Pod template.',
        'JSON pointer to the Pod template, or to a Pod spec; * stands for every item of a list or mapping.',
      ),
      defaults.templates,
      { description: 'More kinds with a Pod template. The webhook must be registered for them.' },
    ),
    producers: list(
      kindPath(
        'A kind that makes Secrets.',
        'JSON pointer to the name of the Secret, /metadata/name if it is that of the object; * stands for every item ' +
          'of a list or mapping.',
      ),
      defaults.producers,
      { description: 'More kinds that make Secrets, which regcred check then counts as there.' },
    ),
    exemptions: section('What regcred ignores completely.', {
      namespaces: list(
        Type.String({
          maxLength: MAX_LABEL_LENGTH,
          pattern: `^${LABEL}$`,
          patternErrorMessage: 'is not a valid Namespace name; use lower case letters, digits and "-"',
        }),
        defaults.exemptions.namespaces,
        { description: 'Names of Namespaces; no patterns.' },
      ),
      usernames: list(Type.String({ minLength: 1 }), defaults.exemptions.usernames, {
        description: 'Names of users; no patterns. Example: system:serviceaccount:flux-system:flux.',
      }),
    }),
    view: section('What regcred reads from the cluster.', {
      secrets: choice(
        ['contents', 'names'],
        defaults.view.secrets,
        'Whether to read the contents of pull secrets, or only their names and types. With names, regcred cannot ' +
          'tell which images a Secret has credentials for, and inject.match is off. Changing it needs a restart.',
      ),
    }),
    suggestions: choice(
      [...SUGGESTIONS],
      defaults.suggestions,
      'Who may learn which other Secrets of the namespace are meant or would help, and what registries Secrets are for: ' +
        'the requester of the review alone, nobody (none), or (all) also readers of the audit log and the log, these the names alone.',
    ),
  },
  { title: KIND, description: 'Configuration of the regcred admission webhook.' },
)

/** The configuration file, once it is known to keep to the schema. */
export type ConfigurationFile = Static<typeof configurationSchema>

/** The schema for editors, as plain JSON. Every key it uses means the same in JSON Schema draft 7 and later. */
export function jsonSchema(): unknown {
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...JSON.parse(JSON.stringify(configurationSchema)) }
}

function patterns(name: Exclude<ListedClass, 'node'>, description: string) {
  return list(pattern, defaults.registries[name], { description })
}
