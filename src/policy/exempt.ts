import type { Settings } from '../config/settings.ts'

/** Whether configuration takes this namespace or this user out of everything: nothing is injected, judged or said. */
export function isExempt(settings: Settings, namespace: string, username: string | undefined): boolean {
  const { namespaces, usernames } = settings.exemptions
  return namespaces.includes(namespace) || (username !== undefined && usernames.includes(username))
}
