import { CacheRoom } from '../../src/cluster/held/cache-room.ts'
import type { Holding } from '../../src/cluster/held/held-objects.ts'
import type { ObjectStore } from '../../src/cluster/object-store.ts'
import type { PullSecret } from '../../src/kubelet/secret.ts'

/** Room for everything. */
export function unlimited<T>(): Holding<T> {
  const room = new CacheRoom({ perNamespace: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY })
  return { room, bytesOf: () => 1, onPartial: () => undefined }
}

/** Hears of no change. */
export const deaf = { changed: () => undefined, replaced: () => undefined }

/** Fills a store by one complete list. */
export function fill<T>(
  held: ObjectStore<T>,
  objects: readonly (readonly [namespace: string, name: string, value: T])[] = [],
): void {
  const list = held.replace()
  for (const object of objects) list.add(...object)
  list.commit()
}

export function pullSecret(name: string, key = 'registry.example.com'): PullSecret {
  return { kind: 'pullSecret', name, entries: [{ key, usable: true }], generated: false }
}
