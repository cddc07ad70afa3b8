import { explainedBy } from '../decision/causes.ts'
import type { Checked, CheckedFinding, CheckedObject, IgnoredFinding } from '../engine/checked.ts'
import type { Fault } from '../manifests/found.ts'
import type { OwnIgnore } from '../manifests/ignores/own-ignores.ts'
import { IGNORE_ANNOTATION } from '../policy/labels.ts'
import type { CheckConfiguration, IgnoreRule } from './check-configuration.ts'
import type { CommentIgnore, CommentIgnores } from './comment-ignores.ts'
import { ruleFor } from './ignore-rules.ts'

/** What was checked, without what is not to be told, and the rules that fitted nothing. */
export interface Ignored {
  readonly checked: Checked
  readonly unusedRules: readonly IgnoreRule[]
}

/** What says that something is to be ignored, beside the objects themselves. */
type Sources = Pick<CheckConfiguration, 'folder' | 'ignore'> & { readonly comments: CommentIgnores }

/** Says why a finding of an object is not to be told; undefined if it is. */
type Judge = (object: CheckedObject, finding: CheckedFinding) => Omit<IgnoredFinding, 'finding'> | undefined

/**
 * Takes out of what was checked the findings that are not to be told. They stay with their objects, each with the reason, since whoever
 * reads a report has to be able to see them.
 *
 * | who says so, in this order         | what fits nothing                                   |
 * | ---------------------------------- | --------------------------------------------------- |
 * | an annotation of the object        | is told: there is nothing else that it could be for |
 * | a comment                          | is told                                             |
 * | a rule of the configuration        | is returned                                         |
 *
 * @param cwd the working directory, to which the paths of files are relative
 */
export function ignoreFindings(checked: Checked, { folder, ignore, comments }: Sources, cwd: string): Ignored {
  const used = new Set<IgnoreRule | OwnIgnore | CommentIgnore>()
  const findRule = ruleFor(ignore, folder, cwd)
  const judge: Judge = (object, finding) => {
    const { code } = finding
    const own = object.ignores?.filter(one => one.code === code) ?? []
    const said = comments.fitting(object, finding)
    for (const one of [...own, ...said]) used.add(one)
    const [annotation] = own
    if (annotation !== undefined) return { by: 'annotation', reason: annotation.reason || NO_REASON }
    const [comment] = said
    if (comment !== undefined) return { by: 'comment', reason: comment.reason }
    const rule = findRule(object, code)
    if (rule === undefined) return undefined
    used.add(rule)
    return { by: 'configuration', reason: rule.reason }
  }
  const objects = checked.objects.map(object => splitFindings(object, judge))
  const own = new Set(objects.flatMap(({ ignores = [] }) => ignores))
  const unread = new Set(checked.errors.map(({ file }) => file))
  const unusedIgnores = [
    ...[...own].filter(one => !used.has(one)).map(toUnused),
    // Of a file that could not be read as a whole nobody knows what is missing.
    ...comments.all.filter(one => !used.has(one) && !unread.has(one.file)).map(toUnusedComment),
  ]
  const errors = [...checked.errors, ...comments.faults]
  const unusedRules = ignore.filter(rule => !used.has(rule))
  return { checked: { ...checked, objects, errors, unusedIgnores }, unusedRules }
}

/** The annotation of a Secret needs none. */
const NO_REASON = 'no reason given'

function toUnused({ code, reason: _, ...origin }: OwnIgnore): Fault {
  return { ...origin, message: `${IGNORE_ANNOTATION} names ${code}, which is not found here; remove it` }
}

function toUnusedComment({ code, file, line, column }: CommentIgnore): Fault {
  const message = `regcred-ignore: ${code} is not found here; remove the comment, or move it to the line of the image or Secret, or above the object`
  return { file, line, column, message }
}

/** What an ignored finding explains is ignored with it: people ignore the cause that they are told. */
function splitFindings(object: CheckedObject, judge: Judge): CheckedObject {
  const judged = object.findings.map(finding => ({ finding, why: judge(object, finding) }))
  const [first] = judged.flatMap(({ finding, why }) => (why === undefined ? [] : { finding, ...why }))
  // Most have none, and there may be very many.
  if (first === undefined) return object
  const isExplained = explainedBy(judged.flatMap(({ finding, why }) => (why === undefined ? [] : finding)))
  const { by, reason } = first
  const ignored = judged.flatMap(({ finding, why = isExplained(finding) ? { by, reason } : undefined }) =>
    why === undefined ? [] : { finding, ...why },
  )
  const gone = new Set(ignored.map(({ finding }) => finding))
  return { ...object, findings: object.findings.filter(finding => !gone.has(finding)), ignored }
}
