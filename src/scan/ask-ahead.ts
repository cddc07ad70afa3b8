/**
 * A list whose first page is asked for now, and not when it is read: the API server makes it ready meanwhile. What goes wrong is thrown
 * where the list is read, if it is.
 */
export function askAhead<T>(list: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  const first = list.next()
  first.catch(() => undefined)
  return readOn(first, list)
}

async function* readOn<T>(
  first: Promise<IteratorResult<T, void>>,
  list: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  const { value, done } = await first
  if (done) return
  yield value
  yield* list
}
