import type { Clock } from '../runtime/clock.ts'
import { ApiError, readStatus } from './api-error.ts'
import { checkMetadata, METADATA } from './metadata-only.ts'
import type { Query, StreamOptions } from './transport.ts'
import { get, getString } from './untyped.ts'

/** An event of a watch. */
export interface WatchEvent {
  readonly type: 'put' | 'remove' | 'bookmark'
  readonly object: unknown
  /** Where to go on from after this event. */
  readonly resourceVersion: string | undefined
}

export interface LineSource {
  stream(path: string, query: Query, options: StreamOptions): AsyncIterable<unknown>
}

export interface WatchOptions {
  readonly source: LineSource
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Whether nothing but the metadata of objects is to be received. */
  readonly metadataOnly?: boolean | undefined
  /** After which the API server is to end it. */
  readonly seconds: number
  /** Called whenever the API server sends anything. */
  readonly onContact: () => void
}

/** Silence after which a watch is cut: the API server sends a bookmark every minute. */
const MAX_SILENCE_MS = 150_000
/** Time that a watch on which nothing has come yet may last beyond what it was asked for. */
const MAX_OVERTIME_MS = 30_000

const types = new Map<unknown, WatchEvent['type']>([
  ['ADDED', 'put'],
  ['MODIFIED', 'put'],
  ['DELETED', 'remove'],
  ['BOOKMARK', 'bookmark'],
])

/**
 * The events of one watch, until the API server ends it.
 *
 * @throws ApiError: that of an ERROR event, e.g. 410 for a watch that cannot go on; `garbage` for a line that is no event;
 * `silent`; all those of the transport
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watch(path: string, query: Query, options: WatchOptions): AsyncGenerator<WatchEvent> {
  const { source, clock, seconds, signal, metadataOnly } = options
  const wanted = { ...query, watch: '1', allowWatchBookmarks: 'true', timeoutSeconds: String(seconds) }
  const ended = new AbortController()
  let lastContact = clock.now()
  let maxSilence = seconds * 1000 + MAX_OVERTIME_MS
  const silent = whenSilent(clock, () => lastContact + maxSilence - clock.now(), ended.signal)
  const onContact = () => {
    lastContact = clock.now()
    options.onContact()
  }
  try {
    const wire = { signal: AbortSignal.any([signal, silent]), onContact, ...(metadataOnly && { accept: METADATA }) }
    for await (const line of source.stream(path, wanted, wire)) {
      maxSilence = MAX_SILENCE_MS
      const event = readWatchEvent(line)
      if (metadataOnly) checkMetadata(event.object)
      yield event
    }
  } catch (error) {
    throw silent.aborted ? new ApiError('silent') : error
  } finally {
    ended.abort()
  }
}

function readWatchEvent(line: unknown): WatchEvent {
  const object = get(line, 'object')
  const wireType = get(line, 'type')
  if (wireType === 'ERROR') throw readStatus(object)
  const type = types.get(wireType)
  if (type === undefined) throw new ApiError('garbage', { detail: 'not a watch event' })
  return { type, object, resourceVersion: getString(object, 'metadata', 'resourceVersion') }
}

/** A signal that is aborted when no time is left: a connection may be dead without being broken. */
function whenSilent(clock: Clock, timeLeft: () => number, ended: AbortSignal): AbortSignal {
  const silent = new AbortController()
  const listen = async () => {
    while (!ended.aborted) {
      const left = timeLeft()
      if (left <= 0) return silent.abort()
      await clock.sleep(Math.min(left, MAX_SILENCE_MS), ended)
    }
  }
  void listen()
  return silent.signal
}
