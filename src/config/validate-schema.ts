import type { TSchema } from 'typebox'
import { Settings as TypeboxSettings } from 'typebox/system'
import { Errors, Pointer } from 'typebox/value'
import { nearestName } from '../runtime/nearest-name.ts'
import { present } from '../runtime/present.ts'
import { type Fault, formatPath, type Path, quote } from './fault.ts'
import { configurationSchema } from './schema.ts'
import { locate, type Places } from './yaml-source.ts'

/** Errors that are looked for: nobody reads more, and a hostile file could make any number. */
const MAX_SCHEMA_ERRORS = 10_000

type SchemaError = ReturnType<typeof Errors>[number]

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  object: 'a mapping',
  string: 'a string',
  'string,object': 'a string or a mapping',
}

/** Compares a file with its schema, and says of every difference where it is and what would be right. */
export function validateSchema(value: unknown, places: Places, schema: TSchema = configurationSchema): Fault[] {
  const errors = findErrors(value, schema)
  const faults = errors.flatMap(error => faultsOf(error, value, places, schema))
  return errors.length < MAX_SCHEMA_ERRORS ? faults : [...faults, { path: '', message: 'too many errors to list' }]
}

/**
 * Typebox stops at eight errors. That is a setting of the whole library: no call takes it as an option, and its engine is not
 * meant to be extended. So the setting is put back before anybody else has a turn.
 */
function findErrors(value: unknown, schema: TSchema): SchemaError[] {
  const { maxErrors } = TypeboxSettings.Get()
  TypeboxSettings.Set({ maxErrors: MAX_SCHEMA_ERRORS })
  try {
    return Errors(schema, value)
  } finally {
    TypeboxSettings.Set({ maxErrors })
  }
}

function faultsOf(error: SchemaError, root: unknown, places: Places, schema: TSchema): Fault[] {
  const path = pathOf(error.instancePath)
  const schemaPointer = error.schemaPath.slice(1)
  const value = Pointer.Get(root, error.instancePath)
  const blame = (at: Path, part: 'key' | 'value', message: string) => ({
    path: formatPath(at),
    place: locate(places, at, part),
    message,
  })
  switch (error.keyword) {
    case 'boolean':
      // Each unknown field comes twice: so, and in the list of all of them.
      return []
    case 'additionalProperties': {
      const known = Object.keys(Object(Pointer.Get(schema, `${schemaPointer}/properties`)))
      return error.params.additionalProperties.map(name => blame([...path, name], 'key', unknownField(name, known)))
    }
    case 'required':
      return error.params.requiredProperties.map(name => {
        const allowed = Pointer.Get(schema, `${schemaPointer}/properties/${name}/enum`)
        return blame([...path, name], 'key', allowed === undefined ? 'is missing' : `is missing; write ${allowed}`)
      })
    case 'enum':
      return [blame(path, 'value', wrongChoice(path, value, choicesOf(error.params.allowedValues)))]
    case 'type':
      return [blame(path, 'value', wrongType(value, String(error.params.type)))]
    case 'pattern': {
      const reason = Pointer.Get(schema, `${schemaPointer}/patternErrorMessage`)
      return [blame(path, 'value', `${describe(value)} ${reason}`)]
    }
    case 'minItems':
    case 'minLength':
      return [blame(path, 'value', 'must not be empty')]
    default:
      return [blame(path, 'value', error.message)]
  }
}

/** No field of the schema holds a character that a pointer would escape. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map(key => (/^\d+$/.test(key) ? Number(key) : key))
}

function unknownField(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return `unknown field ${quote(name)}; ${near === undefined ? `known fields: ${known.join(', ')}` : `did you mean "${near}"?`}`
}

/** What may be chosen, for people: false beside `off` is only another spelling of it. */
function choicesOf(allowed: readonly unknown[]): readonly string[] {
  return allowed.filter(value => value !== false || !allowed.includes('off')).map(String)
}

/** What has replaced the values that a setting had once, with the same meaning. */
const REPLACED: Readonly<Record<string, ReadonlyMap<unknown, string>>> = {
  suggestions: new Map([
    [true, 'requester'],
    [false, 'none'],
  ]),
}

function wrongChoice(path: Path, value: unknown, allowed: readonly string[]): string {
  const choice = allowed.length === 1 ? present(allowed[0]) : `one of ${allowed.join(', ')}`
  const message = `must be ${choice}, found ${describe(value)}`
  const replacement = REPLACED[formatPath(path)]?.get(value)
  if (replacement !== undefined) return `${message}; write ${replacement}`
  const near = typeof value === 'string' ? nearest(value, allowed) : undefined
  return near === undefined ? message : `${message}; did you mean "${near}"?`
}

function wrongType(value: unknown, type: string): string {
  const message = `must be ${TYPE_NAMES[type]}, found ${describe(value)}`
  if (value === null) return `${message}; remove the field to use its default`
  if (type === 'array' && typeof value === 'string') return `${message}; write [${quote(value)}]`
  if (type === 'string' && typeof value !== 'object') return `${message}; put it in quotes`
  return message
}

function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return String(value)
  if (value === null) return 'nothing'
  return Array.isArray(value) ? 'a list' : 'a mapping'
}

/** The candidate that a typing error, or two in a longer word, would turn into this text. */
function nearest(text: string, candidates: readonly string[]): string | undefined {
  return nearestName(text, candidates, { limit: text.length < 5 ? 1 : 2, ignoreCase: true })
}
