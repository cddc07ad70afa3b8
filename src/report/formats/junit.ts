import type { Level } from '../level.ts'
import { isAtLeast, type Report, type Reported, type ReportedObject } from '../reported.ts'

/** The tests of one file. */
interface Suite {
  readonly objects: ReportedObject[]
  readonly faults: Reported[]
}

/**
 * Writes JUnit's XML: a file is a testsuite, and an object a testcase, which fails with findings of a level or above; others are
 * its output. A file that could not be read is a testcase with an error.
 *
 * @param failOn as of the exit status
 */
export function writeJunit({ objects, faults }: Report, failOn: Level): string {
  const suites = new Map<string, Suite>()
  const suiteOf = (path: string) => {
    const suite = suites.get(path) ?? { objects: [], faults: [] }
    suites.set(path, suite)
    return suite
  }
  for (const object of objects) suiteOf(object.path).objects.push(object)
  for (const fault of faults) suiteOf(fault.path).faults.push(fault)
  const counts = countsOf(objects, faults.length, failOn)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'regcred', ...counts })}>`,
    ...[...suites].flatMap(([path, suite]) => writeSuite(path, suite, failOn)),
    '</testsuites>',
    '',
  ].join('\n')
}

function writeSuite(path: string, { objects, faults }: Suite, failOn: Level): readonly string[] {
  return [
    `  <testsuite${attributes({ name: path, ...countsOf(objects, faults.length, failOn), skipped: 0 })}>`,
    ...faults.flatMap(writeFault),
    ...objects.flatMap(object => writeObject(object, failOn)),
    '  </testsuite>',
  ]
}

function writeFault({ path, line, code, message }: Reported): readonly string[] {
  return [
    `    <testcase${attributes({ name: path, classname: path, file: path, line })}>`,
    `      <error${attributes({ type: code, message })}/>`,
    '    </testcase>',
  ]
}

function writeObject({ title, path, line, problems }: ReportedObject, failOn: Level): readonly string[] {
  const open = `    <testcase${attributes({ name: title, classname: path, file: path, line })}`
  if (problems.length === 0) return [`${open}/>`]
  const failures = problems.filter(({ level }) => isAtLeast(level, failOn))
  const others = problems.filter(({ level }) => !isAtLeast(level, failOn))
  const [first] = failures
  return [
    `${open}>`,
    // Readers take one failure of a testcase.
    ...(first === undefined
      ? []
      : [`      <failure${attributes({ type: first.code, message: tell(first) })}>${linesOf(failures)}</failure>`]),
    ...(others.length === 0 ? [] : [`      <system-out>${linesOf(others)}</system-out>`]),
    '    </testcase>',
  ]
}

function linesOf(problems: readonly Reported[]): string {
  return problems
    .map(problem => {
      const { level, path, line, column } = problem
      const place = [path, line, column].filter(part => part !== undefined).join(':')
      return escapeXml(`${place}: ${level} ${tell(problem)}`)
    })
    .join('\n')
}

function tell({ code, message }: Reported): string {
  return `${code}: ${message}`
}

function countsOf(objects: readonly ReportedObject[], errors: number, failOn: Level) {
  const failed = objects.filter(({ problems }) => problems.some(({ level }) => isAtLeast(level, failOn)))
  return { tests: objects.length + errors, failures: failed.length, errors }
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  const known = Object.entries(values).filter(([, value]) => value !== undefined)
  return known.map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`).join('')
}

/** XML has no way at all to write U+FFFE and U+FFFF; controls are visible by now. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\ufffe', '\\ufffe')
    .replaceAll('\uffff', '\\uffff')
}
