import type { CheckedObject } from '../engine/checked.ts'
import type { FindingCode } from '../policy/finding.ts'
import type { IgnoreRule } from './check-configuration.ts'
import { pathIn } from './excluded.ts'
import { matcherOf } from './globs.ts'

/**
 * A function that finds the first rule for findings of a code of an object: one that has the code, and of which all other fields fit.
 *
 * @param folder to which the paths in rules are relative
 * @param cwd the working directory, to which the paths of files are relative
 */
export function ruleFor(
  rules: readonly IgnoreRule[],
  folder: string,
  cwd: string,
): (object: CheckedObject, code: FindingCode) => IgnoreRule | undefined {
  const compiled = rules.map(rule => ({ rule, fits: compile(rule, folder, cwd) }))
  return (object, code) => compiled.find(({ rule, fits }) => rule.code === code && fits(object))?.rule
}

function compile(rule: IgnoreRule, folder: string, cwd: string): (object: CheckedObject) => boolean {
  const fitsPath = fitting(rule.path)
  const fitsKind = fitting(rule.kind)
  const fitsName = fitting(rule.name)
  const fitsNamespace = fitting(rule.namespace)
  return ({ manifest, name, namespace }) =>
    fitsKind(manifest.kind) &&
    fitsName(name) &&
    fitsNamespace(namespace) &&
    (rule.path === undefined || fitsPath(pathOf(manifest, folder, cwd)))
}

function fitting(glob: string | undefined): (text: string) => boolean {
  return glob === undefined ? () => true : matcherOf([glob])
}

/** What comes through standard input has the path that it says it was rendered from, which is one of the folder at best. */
function pathOf({ file, source = '' }: CheckedObject['manifest'], folder: string, cwd: string): string {
  return file === '-' ? source : pathIn(folder, file, cwd)
}
