import { X509Certificate } from 'node:crypto'
import type { Objects } from '../../src/kube/objects.ts'
import { faultOfPair, type Pair } from '../../src/tls/pair.ts'
import { SelfManagedPairs } from '../../src/tls/self-managed.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

export const START = Date.parse('2026-06-01T00:00:00Z')
export const LIFETIME = 600_000
export const NAMES = ['regcred.regcred-system.svc']

/** A replica that keeps up a certificate, with a clock that only a test moves. */
export class Replica {
  readonly clock = new FakeClock()
  readonly lines: { readonly level: string; readonly message: string }[] = []
  readonly served: Pair[] = []
  /** Milliseconds by which its time of day is wrong. */
  wrongBy = 0
  /** Whether the API server's answers say what time it is. */
  tellsTime = true
  /** Where it found CAs that it did not expect. */
  readonly unexpected: string[] = []
  readonly pairs: SelfManagedPairs
  readonly #began: number

  constructor(
    objects: Pick<Objects, 'get' | 'replace'>,
    began = START,
    names: readonly string[] = NAMES,
    onServe = () => {},
  ) {
    this.#began = began
    const log = (level: string) => (fields: object, message: string) => {
      this.lines.push({ level, message: `${message} ${JSON.stringify(fields)}` })
    }
    const skew = () => (this.tellsTime ? -this.wrongBy : 0)
    this.pairs = new SelfManagedPairs({
      objects: {
        get: (path, signal) => objects.get(path, signal),
        replace: (path, object, signal) => objects.replace(path, object, signal),
        get clockSkew() {
          return skew()
        },
      },
      onUnexpectedAuthority: place => this.unexpected.push(place),
      namespace: 'regcred-system',
      secret: 'regcred-tls',
      configuration: 'regcred',
      names,
      lifetime: LIFETIME,
      clock: this.clock,
      now: () => this.now + this.wrongBy,
      random: () => 0.5,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
    })
    this.pairs.start(pair => {
      this.served.push(pair)
      onServe()
    })
  }

  /** The right time. */
  get now(): number {
    return this.#began + this.clock.now()
  }

  get serving(): Pair | undefined {
    return this.served.at(-1)
  }

  /** Waits until it has nothing to do; resolves to the milliseconds for which it means to wait. */
  async idle(): Promise<number> {
    for (;;) {
      // Whoever was woken goes on before this.
      await new Promise(setImmediate)
      const left = await this.clock.sleepOf(0, Number.POSITIVE_INFINITY)
      if (left > 0) return left
    }
  }
}

/** Lets time go by for all, in steps in which nobody misses a turn. */
export async function pass(replicas: readonly Replica[], milliseconds: number): Promise<void> {
  let left = milliseconds
  while (left > 0) {
    const waits = await Promise.all(replicas.map(replica => replica.idle()))
    const step = Math.min(left, ...waits)
    for (const { clock } of replicas) clock.advance(step)
    left -= step
  }
  await Promise.all(replicas.map(replica => replica.idle()))
}

/** What an API server that trusts these authorities and calls this name would have against a pair; undefined for nothing. */
export function faultForClients(
  pair: Pair,
  bundle: readonly string[],
  now: number,
  [name = '']: readonly string[] = NAMES,
) {
  const trusted = bundle.filter(ca => new X509Certificate(pair.cert).checkIssued(new X509Certificate(ca)))
  const faults = trusted.map(ca => faultOfPair(pair, now, { ca, names: [name] }))
  if (faults.length === 0) return 'nobody who is trusted signed it'
  return faults.includes(undefined) ? undefined : faults[0]
}
