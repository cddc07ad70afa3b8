import { secretCommand } from '../../../src/commands/secret/secret.ts'
import { runCommand } from '../ask/run-command.ts'

/** Runs `regcred secret` in this process. */
export async function runSecret(
  args: readonly string[],
  input?: Parameters<typeof runCommand>[2],
  tty?: Parameters<typeof runCommand>[3],
): ReturnType<typeof runCommand> {
  return await runCommand(secretCommand, args, input, tty)
}

/** The logins of a Secret that was printed as JSON: `user:password` by registry. */
export function loginsOf(json: string): Record<string, string> {
  const { data } = JSON.parse(json)
  const { auths } = JSON.parse(atob(data['.dockerconfigjson']))
  return Object.fromEntries(Object.entries<{ auth: string }>(auths).map(([key, { auth }]) => [key, atob(auth)]))
}
