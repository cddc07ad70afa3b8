import Type, { type Static } from 'typebox'
import { API_VERSION } from '../config/configuration.ts'
import { choice, closed, list } from '../config/field.ts'
import { LABEL, MAX_LABEL_LENGTH, MAX_NAME_LENGTH } from '../config/kind-path.ts'
import { FINDINGS, isFindingCode } from '../policy/finding.ts'
import type { Level } from '../report/level.ts'

/** What such a file says of itself in its second line. */
const CHECK_KIND = 'CheckConfiguration'

/** Items of a list: each object of the input is compared with all of them. */
const MAX_RULES = 1000
/** Characters of a pattern or a path; no file system has longer paths. */
const MAX_PATTERN_LENGTH = 4096
/** Characters of a reason, which formats for pipelines repeat. */
const MAX_REASON_LENGTH = 1000

const text = (description: string, maxLength: number) => Type.String({ description, minLength: 1, maxLength })

const secretMaker = closed(
  {
    group: Type.String({
      description: 'The API group, "" for the core group.',
      maxLength: MAX_NAME_LENGTH,
      pattern: `^(${LABEL}(\\.${LABEL})*)?$`,
      patternErrorMessage: 'is not an API group, such as example.org',
    }),
    kind: Type.String({
      description: 'The kind, as in manifests.',
      maxLength: MAX_LABEL_LENGTH,
      pattern: '^[A-Z][A-Za-z0-9]*$',
      patternErrorMessage: 'is not a kind, such as TeamSecret',
    }),
    secretName: Type.String({
      description:
        'JSON pointer to the name of the Secret, /metadata/name if it is that of the object; * stands for every item ' +
        'of a list or mapping.',
      maxLength: MAX_PATTERN_LENGTH,
      pattern: '^(/([^~/]|~[01])+)+$',
      patternErrorMessage: 'is not a JSON pointer, such as /spec/secretName',
    }),
  },
  { description: 'A kind that makes Secrets.' },
)

const ignoreRule = closed(
  {
    code: Type.Enum(Object.keys(FINDINGS).filter(isFindingCode), { description: 'The code of the findings.' }),
    path: Type.Optional(text('Glob of files, relative to the folder of this file.', MAX_PATTERN_LENGTH)),
    kind: Type.Optional(text('The kind of the object, or a glob.', MAX_NAME_LENGTH)),
    name: Type.Optional(text('The name of the object, or a glob.', MAX_NAME_LENGTH)),
    namespace: Type.Optional(text('The namespace of the object, or a glob.', MAX_NAME_LENGTH)),
    reason: Type.String({
      description: 'Why this is not to be told. Reports repeat it.',
      maxLength: MAX_REASON_LENGTH,
      pattern: '\\S',
      patternErrorMessage: 'is no reason',
    }),
  },
  { description: 'Findings that are not told: those with this code, of objects that all the other fields fit.' },
)

/** The configuration of `regcred check` as it may be written: everything but its type can be left out. */
export const checkSchema = closed(
  {
    apiVersion: Type.Enum([API_VERSION], { description: 'The version of this format.' }),
    kind: Type.Enum([CHECK_KIND], { description: 'What this file configures.' }),
    admission: Type.Optional(
      text(
        'The configuration file of the cluster (AdmissionConfiguration), relative to the folder of this file; as --config.',
        MAX_PATTERN_LENGTH,
      ),
    ),
    exclude: list(text('A glob, relative to the folder of this file.', MAX_PATTERN_LENGTH), [], {
      description: 'Globs of files that are not checked, such as "**/testdata/**".',
      maxItems: MAX_RULES,
    }),
    failOn: choice<Level>(
      ['error', 'warning', 'note'],
      'warning',
      'The lowest level of which a finding makes the exit status 1; as --fail-on.',
    ),
    knownSecrets: list(text('A file, relative to the folder of this file.', MAX_PATTERN_LENGTH), [], {
      description: 'Files that say which Secrets the cluster holds; as --known-secrets.',
      maxItems: MAX_RULES,
    }),
    secretsFrom: list(secretMaker, [], {
      description: 'More kinds that make Secrets, which then count as there.',
      maxItems: MAX_RULES,
    }),
    ignore: list(ignoreRule, [], {
      description: 'Findings that are not told, each with a reason.',
      maxItems: MAX_RULES,
    }),
  },
  { title: CHECK_KIND, description: 'Configuration of regcred check.' },
)

/** The file, once it is known to keep to the schema. */
export type CheckFile = Static<typeof checkSchema>

/** The schema for editors, as plain JSON. */
export function checkJsonSchema(): unknown {
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...JSON.parse(JSON.stringify(checkSchema)) }
}
