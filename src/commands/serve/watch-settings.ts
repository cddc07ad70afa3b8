import type { App } from '../../app.ts'
import { formatFault } from '../../config/fault.ts'
import { watchConfiguration } from '../../config/watch.ts'
import { addsByDefault } from '../../policy/labels.ts'
import { freeze, type Settings } from '../../policy/settings.ts'
import type { ClosableLog } from '../../telemetry/log.ts'
import type { Metrics } from '../../telemetry/metrics.ts'
import type { SettingsFile } from '../settings.ts'

/**
 * Lets a server go by what its configuration file says from now on; a bad new content is refused, and loudly. Another
 * `view.secrets` waits for a restart, as loudly: docs/adr/0004-names-only-from-the-start.md.
 */
export function watchSettings(
  { file, digest, view, adds }: SettingsFile,
  app: Pick<App, 'use'>,
  metrics: Pick<Metrics, 'countReload'>,
  log: ClosableLog['log'],
): { stop(): void } {
  let added = adds
  return watchConfiguration(file, {
    since: digest,
    onSettings: ({ settings }) => {
      app.use(keepView(settings, view))
      metrics.countReload('taken')
      log.info({ file }, 'configuration accepted')
      const isAdding = addsByDefault(settings)
      if (added && !isAdding) {
        const { mode, inject } = settings
        log.warn({ file, mode, 'inject.enabled': inject.enabled }, 'pull secrets are no longer added to Pods')
      }
      added = isAdding
      if (settings.view.secrets !== view.secrets) {
        log.error({ file, running: view.secrets, written: settings.view.secrets }, 'view.secrets needs a restart')
      }
    },
    onFaults: faults => {
      metrics.countReload('refused')
      const lines = faults.map(fault => formatFault(file, fault))
      log.error({ file, faults: lines }, 'configuration refused; the last good one stays in effect')
    },
  })
}

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
