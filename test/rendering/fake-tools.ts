import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/**
 * Has programs on the PATH that are scripts of a shell, and nothing else, for as long as the test takes.
 *
 * @param scripts what each does, by its name
 * @returns the folder on the PATH
 */
export function putOnPath(t: Pick<Test, 'teardown'>, scripts: Readonly<Record<string, string>>): string {
  const { PATH } = process.env
  const folder = mkdtempSync(join(tmpdir(), 'regcred-tools-'))
  t.teardown(() => {
    process.env['PATH'] = PATH
    rmSync(folder, { recursive: true })
  })
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  process.env['PATH'] = folder
  return folder
}
