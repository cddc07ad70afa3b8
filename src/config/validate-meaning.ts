import { Pointer } from 'typebox/value'
import { LISTED_CLASSES, type ListedClass } from '../policy/registries/classifier.ts'
import { identifyPattern, parsePattern } from '../policy/registries/pattern.ts'
import { type Fault, formatPath, type Path, quote } from './fault.ts'
import { locate, type Places } from './yaml-source.ts'

/**
 * Finds what a schema cannot say. Takes any value, because it looks at what is right in a file in which other things are
 * wrong: every fault is to be told at once.
 */
export function validateMeaning(value: unknown, places: Places): Fault[] {
  const blame = (path: Path, message: string) => ({ path: formatPath(path), place: locate(places, path), message })
  return [
    ...checkPatterns(value, blame),
    ...checkClasses(value, blame),
    ...checkKindPaths('templates', value, blame),
    ...checkKindPaths('producers', value, blame),
    ...checkView(value, blame),
  ]
}

type Blame = (path: Path, message: string) => Fault

function checkPatterns(value: unknown, blame: Blame): Fault[] {
  const rules = itemsAt(value, ['inject', 'rules'])
  const lists: Path[] = [
    ...LISTED_CLASSES.map(name => ['registries', name]),
    ...rules.map(({ path }) => [...path, 'images']),
  ]
  return lists
    .flatMap(path => patternsAt(value, path))
    .flatMap(({ text, path }) => {
      const pattern = parsePattern(text)
      return 'fault' in pattern ? [blame(path, `${quote(text)} ${pattern.fault}`)] : []
    })
}

function checkClasses(value: unknown, blame: Blame): Fault[] {
  const listed = new Map<string, { name: ListedClass; path: Path }>()
  const faults: Fault[] = []
  for (const name of LISTED_CLASSES) {
    for (const { text, path } of patternsAt(value, ['registries', name])) {
      const first = listed.get(identifyPattern(text))
      if (first === undefined) listed.set(identifyPattern(text), { name, path })
      else if (first.name !== name) {
        faults.push(
          blame(path, `${quote(text)} is also listed as ${formatPath(first.path)}; list a pattern in one class only`),
        )
      }
    }
  }
  return faults
}

function checkKindPaths(key: 'templates' | 'producers', value: unknown, blame: Blame): Fault[] {
  const first = new Map<string, Path>()
  return itemsAt(value, [key]).flatMap(({ item, path }) => {
    const { group, kind, path: pointer } = Object(item)
    const name = JSON.stringify([group, kind, pointer])
    const earlier = first.get(name)
    if (earlier !== undefined) return [blame(path, `has the same group, kind and path as ${formatPath(earlier)}`)]
    first.set(name, path)
    return []
  })
}

/** What needs the contents of Secrets can't be asked for where only their names are received. */
function checkView(value: unknown, blame: Blame): Fault[] {
  if (Pointer.Get(value, '/view/secrets') !== 'names') return []
  const matches = Pointer.Get(value, '/inject/match') === true
  const refuses = Pointer.Get(value, '/enforce/unknown') === 'refuse'
  const match = 'cannot be true with view.secrets: names, because matching needs the contents of Secrets'
  const unknown = 'cannot be refuse with view.secrets: names, because then the contents of Secrets are never known'
  return [
    ...(matches ? [blame(['inject', 'match'], match)] : []),
    ...(refuses ? [blame(['enforce', 'unknown'], unknown)] : []),
  ]
}

/** Of `node` an entry may be a mapping with the pattern in it. */
function patternsAt(value: unknown, path: Path): { text: string; path: Path }[] {
  return itemsAt(value, path).flatMap(({ item, path }) => {
    if (typeof item === 'string') return [{ text: item, path }]
    const { pattern } = Object(item)
    return typeof pattern === 'string' ? [{ text: pattern, path: [...path, 'pattern'] }] : []
  })
}

function itemsAt(value: unknown, path: Path): { item: unknown; path: Path }[] {
  const list = Pointer.Get(value, `/${path.join('/')}`)
  return Array.isArray(list) ? list.map((item: unknown, index) => ({ item, path: [...path, index] })) : []
}
