import { Minimatch } from 'minimatch'

/** Characters of a text that is compared with a glob: no path is longer, and a name in a manifest may be megabytes. */
const MAX_COMPARED_LENGTH = 4096
/** What a glob with braces may stand for. */
const MAX_BRACE_EXPANSIONS = 100

/**
 * A function that says whether a text is one of these: as git and shells read globs, `*` within a part of a path, `**` for any parts,
 * also those that begin with a dot; without extended globs. The time is linear in the text, whatever the glob.
 */
export function matcherOf(globs: readonly string[]): (text: string) => boolean {
  const matchers = globs.map(glob => new Minimatch(withoutDot(glob), OPTIONS))
  return text => text.length <= MAX_COMPARED_LENGTH && matchers.some(matcher => matcher.match(text))
}

const OPTIONS = { dot: true, noext: true, nocomment: true, nonegate: true, braceExpandMax: MAX_BRACE_EXPANSIONS }

/** People write `./charts/**` too. */
function withoutDot(glob: string): string {
  return glob.replace(/^\.\//, '')
}
