import { defaultSettings, type Settings } from '../policy/settings.ts'

/** What a configuration file says of itself in its first two lines. */
export const API_VERSION = 'regcred.dev/v1alpha1'
export const KIND = 'AdmissionConfiguration'

/**
 * Where settings that are not the default come from, for people, e.g. `regcred.yaml:3`: by the path of the setting
 * (`mode`, `registries.private`) and of each item of a list that the file writes down (`registries.private[1]`).
 */
export type Provenance = ReadonlyMap<string, string>

/** A configuration that holds. Who works with one does not need what reads and checks its file, which takes long to load. */
export interface Configuration {
  readonly ok: true
  readonly settings: Settings
  readonly provenance: Provenance
}

/** What holds without a configuration file. */
export const defaultConfiguration: Configuration = { ok: true, settings: defaultSettings, provenance: new Map() }
