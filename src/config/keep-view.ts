import { freeze, type Settings } from './settings.ts'

/**
 * Settings for a program that already follows a cluster: how much of a Secret it receives stays as it was at the start, and
 * so does that nothing is matched where no contents are received.
 *
 * @returns the settings themselves where they agree
 */
export function keepView(settings: Settings, running: Settings['view']): Settings {
  if (settings.view.secrets === running.secrets) return settings
  const match = settings.inject.match && running.secrets === 'contents'
  return freeze({ ...settings, view: running, inject: { ...settings.inject, match } })
}
