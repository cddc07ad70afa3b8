/**
 * A value of which the code around it makes sure, and the compiler cannot see, that it is there: the last of a list that is
 * not empty, the match of an expression that was tested. It says so in one word, where `!` is not allowed and a default
 * value would be a lie.
 *
 * @throws {TypeError} if it is not there after all, which is a bug
 */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a value that has to be there is not')
  return value
}
