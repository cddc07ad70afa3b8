/** A number of things for people, e.g. `1 image`, `2 images`: what is counted is a word that takes an s. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
