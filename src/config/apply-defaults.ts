import { Pointer } from 'typebox/value'
import { LISTED_CLASSES, type ListedClass } from '../policy/registries/classifier.ts'
import { type NodeEntry, patternOf } from '../policy/registries/node-entry.ts'
import { identifyPattern } from '../policy/registries/pattern.ts'
import { defaultSettings, freeze, leavesOf, type Settings } from '../policy/settings.ts'
import type { Provenance } from './configuration.ts'
import { formatPath, type Path } from './fault.ts'
import type { ConfigurationFile } from './schema.ts'
import { locate, type Places } from './yaml-source.ts'

/**
 * Lays a faultless file over the defaults. A list in the file takes the place of the default one.
 *
 * Two settings give way to what the file says elsewhere: a pattern that it lists leaves the default lists of the other
 * classes, and with `view.secrets: names` there is nothing to match.
 */
export function applyDefaults(file: ConfigurationFile): Settings {
  const defaults = defaultSettings
  const view = { ...defaults.view, ...file.view }
  return freeze({
    // Helm and others read and write YAML 1.1, to whom a bare `off` is false.
    mode: file.mode === false ? 'off' : (file.mode ?? defaults.mode),
    ignore: file.ignore ?? defaults.ignore,
    enforce: { ...defaults.enforce, ...file.enforce },
    controllers: { ...defaults.controllers, ...file.controllers },
    registries: {
      private: patternsOf('private', file),
      node: patternsOf('node', file),
      public: patternsOf('public', file),
      mixed: patternsOf('mixed', file),
      default: file.registries?.default ?? defaults.registries.default,
    },
    inject: { ...defaults.inject, match: view.secrets === 'contents', ...file.inject },
    templates: file.templates ?? defaults.templates,
    producers: file.producers ?? defaults.producers,
    exemptions: { ...defaults.exemptions, ...file.exemptions },
    view,
    suggestions: file.suggestions ?? defaults.suggestions,
  })
}

/** Says of each setting that a file decides which line of it does. */
export function traceProvenance(file: ConfigurationFile, places: Places, fileName: string): Provenance {
  const provenance = new Map<string, string>()
  const note = (path: Path) => provenance.set(formatPath(path), `${fileName}:${locate(places, path, 'key').line}`)
  for (const { path } of leavesOf(defaultSettings)) {
    const value = Pointer.Get(file, `/${path.join('/')}`)
    if (value === undefined) continue
    note(path)
    if (Array.isArray(value)) for (const index of value.keys()) note([...path, index])
  }
  for (const name of LISTED_CLASSES) {
    const taken = takenFrom(name, file)
    if (taken.length > 0) provenance.set(`registries.${name}`, `default without ${taken.join(', ')}`)
  }
  const view = provenance.get('view.secrets')
  if (file.view?.secrets === 'names' && file.inject?.match === undefined)
    provenance.set('inject.match', `${view}, view.secrets`)
  return provenance
}

function patternsOf<T extends ListedClass>(name: T, file: ConfigurationFile): Settings['registries'][T]
function patternsOf(name: ListedClass, file: ConfigurationFile): readonly NodeEntry[] {
  const taken = takenFrom(name, file)
  return file.registries?.[name] ?? defaultSettings.registries[name].filter(entry => !taken.includes(patternOf(entry)))
}

/** The patterns of a default list that the file puts into another class. */
function takenFrom(name: ListedClass, { registries }: ConfigurationFile): readonly string[] {
  if (registries === undefined || registries[name] !== undefined) return []
  const written = new Set(
    LISTED_CLASSES.flatMap(other => registries[other] ?? []).map(entry => identifyPattern(patternOf(entry))),
  )
  return defaultSettings.registries[name].map(patternOf).filter(pattern => written.has(identifyPattern(pattern)))
}
