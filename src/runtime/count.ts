/** A number of things for people, e.g. `1 image`, `2 images`: what is counted is a word that takes an s. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** Things for people of which the first are named, e.g. `a, b and 2 more`. */
export function nameFirst(named: readonly string[], all: number): string {
  const left = all - named.length
  return new Intl.ListFormat('en-GB').format(left === 0 ? named : [...named, `${left} more`])
}
