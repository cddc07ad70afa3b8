import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { notAfter } from '../../src/tls/pair.ts'
import { FakeObjects } from './fake-objects.ts'
import { faultForClients, LIFETIME, pass, Replica, START } from './replicas.ts'

/** What happens to replicas that rotate their certificate. */
type Happening =
  | { readonly what: 'time'; readonly milliseconds: number }
  /** A replica ends, if it is there; else a new one takes its place. */
  | { readonly what: 'replica'; readonly which: number }
  /** A replica does not reach the API server any more; or does again. */
  | { readonly what: 'partition'; readonly which: number }
  /** So many writes succeed, and then each replica's next request fails once. */
  | { readonly what: 'failure'; readonly after: number }
  | { readonly what: 'damage'; readonly data: Readonly<Record<string, string>> }

const REPLICAS = 3
/** A run takes half a second; more of them by hand. */
const RUNS = Number(process.env['REGCRED_RUNS'] ?? 6)
const which = fc.nat({ max: REPLICAS - 1 })
const time = fc
  .oneof(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 1, max: LIFETIME / 3 }))
  .map((milliseconds): Happening => ({ what: 'time', milliseconds }))
const trouble = fc.oneof(
  which.map((which): Happening => ({ what: 'replica', which })),
  which.map((which): Happening => ({ what: 'partition', which })),
  fc.nat({ max: 5 }).map((after): Happening => ({ what: 'failure', after })),
)
/** Twice in a life at most: more often, and a replica that hears nothing is forgotten. */
const damage = fc
  .constantFrom({}, { 'tls.crt': 'hunter2', 'tls.key': 'hunter2', 'ca.crt': 'hunter2' })
  .map((data): Happening => ({ what: 'damage', data }))
const happenings = fc
  .tuple(fc.array(fc.oneof(time, time, trouble), { minLength: 5, maxLength: 16 }), fc.array(damage, { maxLength: 1 }))
  .map(([first, more]): readonly Happening[] => [...first.slice(0, 5), ...more, ...first.slice(5)])

/** Some replicas over one Secret, and whoever looks at every moment at what they serve and what is published. */
class World {
  readonly objects: FakeObjects
  readonly violations: string[] = []
  readonly replicas: (Replica | undefined)[] = []
  readonly #cutOff = new Set<Replica>()
  /** From a seed, how many turns each request takes: it decides who comes first. */
  readonly #turns: Iterator<number>
  #now = START
  #failAfter: number | undefined

  constructor(turns: Iterator<number>) {
    this.#turns = turns
    this.objects = new FakeObjects({ written: () => this.check() })
    for (let i = 0; i < REPLICAS; i += 1) this.replicas.push(this.#begin())
  }

  get running(): readonly Replica[] {
    return this.replicas.filter(replica => replica !== undefined)
  }

  /** Whatever a replica serves is trusted by every webhook, for as long as it can be. */
  check(): void {
    for (const replica of this.running) {
      const { serving } = replica
      if (serving === undefined || notAfter(serving) <= replica.now) continue
      for (const bundle of this.objects.bundles) {
        const fault = faultForClients(serving, bundle, replica.now)
        if (fault !== undefined) this.violations.push(fault)
      }
    }
  }

  async happen(happening: Happening): Promise<void> {
    if (happening.what === 'time') {
      await pass(this.running, happening.milliseconds)
      this.#now += happening.milliseconds
    } else if (happening.what === 'replica') {
      const replica = this.replicas[happening.which]
      this.replicas[happening.which] = replica === undefined ? this.#begin() : undefined
      await replica?.pairs.stop()
    } else if (happening.what === 'partition') {
      const replica = this.replicas[happening.which]
      if (replica && !this.#cutOff.delete(replica)) this.#cutOff.add(replica)
    } else if (happening.what === 'failure') this.#failAfter = happening.after
    else this.objects.putSecret(happening.data)
    this.check()
  }

  async end(): Promise<void> {
    this.#cutOff.clear()
    this.#failAfter = undefined
    for (const [i, replica] of this.replicas.entries()) this.replicas[i] = replica ?? this.#begin()
    await pass(this.running, 60_000)
    // A rotation may be under way at this very moment; the next one is a long way off then.
    if (!this.#agree()) await pass(this.running, 60_000)
    this.check()
    for (const replica of this.running) {
      const until = replica.serving === undefined ? 0 : notAfter(replica.serving)
      if (until - replica.now < LIFETIME / 3 - 60_000) this.violations.push('not renewed')
    }
    if (!this.#agree()) this.violations.push('not agreed')
    await Promise.all(this.running.map(({ pairs }) => pairs.stop()))
  }

  #agree(): boolean {
    return new Set(this.running.map(({ serving }) => serving?.cert)).size === 1
  }

  #begin(): Replica {
    const replica: Replica = new Replica(
      {
        get: async path => await this.#send(replica, 'get', () => this.objects.get(path)),
        replace: async (path, object) => await this.#send(replica, 'update', () => this.objects.replace(path, object)),
      },
      this.#now,
      undefined,
      () => this.check(),
    )
    return replica
  }

  async #send<T>(replica: Replica, verb: 'get' | 'update', work: () => Promise<T>): Promise<T> {
    for (let turns = Number(this.#turns.next().value) % 4; turns > 0; turns -= 1) await new Promise(setImmediate)
    if (this.#cutOff.has(replica)) throw new ApiError('unreachable')
    const result = await work()
    if (verb === 'update' && this.#failAfter !== undefined) {
      this.#failAfter -= 1
      // The worst of failures: it was written, and nobody was told.
      if (this.#failAfter < 0) {
        this.#failAfter = undefined
        throw new ApiError('unreachable')
      }
    }
    return result
  }
}

t.test('at every moment what a replica serves is trusted by what is published, and in the end all agree', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, fc.infiniteStream(fc.nat({ max: 3 })), async (happenings, turns) => {
      const world = new World(turns)
      await pass(world.running, 15_000)
      for (const happening of happenings) await world.happen(happening)
      await world.end()
      assert.deepEqual(world.violations, [])
    }),
    { numRuns: RUNS },
  )
})
