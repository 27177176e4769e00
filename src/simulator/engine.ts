import { type Random, seeded } from '../kit/random.ts'
import type { FailureKind } from '../result/simulation.ts'
import { Attempts, place } from './attempts.ts'
import { BackendServers } from './backend-servers.ts'
import { BalancerQueue } from './balancer-queue.ts'
import { DispatcherSet } from './dispatcher-set.ts'
import { Ejector } from './ejector.ts'
import { eventKind, eventOf } from './event-kinds.ts'
import { EventQueue } from './event-queue.ts'
import { KeyCache } from './key-cache.ts'
import type { SimulatedAlgorithm, World } from './options.ts'
import { Recorder } from './recorder.ts'
import { RequestSource } from './request-source.ts'
import { Requests } from './requests.ts'
import { type ServiceDraw, serviceDraw } from './service-draw.ts'

/** Retries in flight that are always allowed. */
const minRetries = 3

/** Differences of the seeds of the generators, so that the use of one does not move another. */
const generators = {
  ...{ arrivals: 0, work: 1, dice: 2, keys: 3, further: 4, errors: 5, dispatchers: 6, balancer: 7 },
}

/**
 * One replication: requests arrive, are dispatched, served and recorded, in simulated time.
 *
 * A class over typed arrays, not closures as elsewhere: an event takes a fraction of a microsecond, and allocates nothing.
 */
export class Engine {
  readonly recorder: Recorder
  readonly servers: BackendServers
  readonly dispatchers: DispatcherSet
  /** Whether responses of a backend are held back, by a fault. */
  readonly isHolding: Uint8Array
  /** Fraction of the requests that fail, by backend. */
  readonly errorShare: Float64Array
  readonly #isUnreachable: Uint8Array
  readonly #world: World
  readonly #attempts = new Attempts()
  readonly #requests = new Requests()
  readonly #events = new EventQueue()
  readonly #controls: (() => void)[] = []
  readonly #draws: readonly ServiceDraw[]
  readonly #source: RequestSource
  readonly #further: Random
  readonly #errors: Random
  readonly #caches: readonly (KeyCache | undefined)[]
  readonly #balancer: BalancerQueue | undefined
  readonly #ejector: Ejector
  /** Attempts at each request that failed or were hedged: rows that are not tried again. */
  readonly #tried = new Map<number, Set<number>>()
  #furtherInFlight = 0
  #inSystem = 0
  now = 0

  constructor(world: World, algorithm: SimulatedAlgorithm, seed: number) {
    const { backends, balancer } = world
    const seedOf = (name: keyof typeof generators) => seed + generators[name] * 1_000_003
    const generator = (name: keyof typeof generators) => seeded(seedOf(name))
    this.#world = world
    this.recorder = new Recorder(world.requests, backends.length)
    this.servers = new BackendServers(backends, this.#attempts, this.#events)
    this.dispatchers = new DispatcherSet(world, algorithm, seedOf('dice'))
    this.#isUnreachable = new Uint8Array(backends.length)
    this.isHolding = new Uint8Array(backends.length)
    this.errorShare = Float64Array.from(backends, ({ errorRate = 0 }) => errorRate)
    this.#source = new RequestSource(world, {
      arrivals: generator('arrivals'),
      work: generator('work'),
      keys: generator('keys'),
      dispatchers: generator('dispatchers'),
    })
    this.#balancer = balancer && new BalancerQueue(balancer, generator('balancer'))
    this.#ejector = new Ejector(world.ejection, backends.length, {
      dispatchers: this.dispatchers,
      later: (seconds, action) => this.at(this.now + seconds, action),
    })
    this.#further = generator('further')
    this.#errors = generator('errors')
    // Equal backends share a draw: one closure is called, not thousands.
    const known = new Map(backends.map(({ service }) => [service, serviceDraw(service)]))
    this.#draws = backends.map(({ service }) => known.get(service) as ServiceDraw)
    this.#caches = backends.map(({ cache }) => cache && new KeyCache(cache.entries))
  }

  /** Does something at a time. */
  at(seconds: number, action: () => void): void {
    this.#events.add(seconds, eventOf.control(this.#controls.push(action) - 1))
  }

  /** Runs until the last request is over. */
  run(): Recorder {
    const { timeout } = this.#world.clients
    this.#refresh()
    let arrival = this.#source.next()
    for (;;) {
      const event = this.#events.next
      const { oldest, sentAt } = this.#attempts
      const due = oldest === -1 ? Number.POSITIVE_INFINITY : (sentAt[oldest] as number) + timeout
      if (event <= arrival && event <= due) {
        if (event === Number.POSITIVE_INFINITY) break
        this.now = event
        this.#handle(this.#events.take())
      } else if (arrival <= due) {
        this.now = arrival
        this.#arrive()
        arrival = this.#source.next()
      } else {
        this.now = due
        this.#attemptFailed(oldest, 'timeout')
      }
    }
    this.recorder.longestQueue = this.servers.longestQueue
    return this.recorder
  }

  /** Whether requests are still to come, or in the system. */
  get isRunning(): boolean {
    return this.#source.hasMore || this.#inSystem > 0
  }

  /** A backend that cannot be reached fails every attempt, those in flight included. */
  setUnreachable(row: number, isUnreachable: boolean): void {
    this.#isUnreachable[row] = isUnreachable ? 1 : 0
    if (!isUnreachable) return
    for (const slot of this.#at(row)) this.#attemptFailed(slot, 'refused')
  }

  /** Lets a backend send the responses that it held back. */
  releaseHeld(row: number): void {
    for (const slot of this.#at(row)) {
      if (this.#attempts.where[slot] === place.held) this.#respond(slot)
    }
  }

  #at(row: number): number[] {
    const found: number[] = []
    const { younger } = this.#attempts
    for (let slot = this.#attempts.oldest; slot !== -1; slot = younger[slot] as number) {
      if (this.#attempts.row[slot] === row) found.push(slot)
    }
    return found
  }

  #refresh(): void {
    const { refresh = 0, count = 1 } = this.#world.dispatchers ?? {}
    if (count === 1 || refresh === 0 || refresh === Number.POSITIVE_INFINITY) return
    const again = (): void => {
      this.dispatchers.refresh()
      if (this.isRunning) this.#events.add(this.now + refresh, event)
    }
    const event = eventOf.control(this.#controls.push(again) - 1)
    this.#events.add(refresh, event)
  }

  #handle(event: number): void {
    const about = event >> 2
    switch (event & 3) {
      case eventKind.departure:
        this.#depart(about)
        break
      case eventKind.picked:
        this.#send(about)
        break
      case eventKind.hedge:
        this.#hedge(about)
        break
      default:
        ;(this.#controls[about] as () => void)()
    }
  }

  #arrive(): void {
    const slot = this.#source.take(this.#requests, this.now)
    this.#inSystem++
    this.recorder.arrived(this.now)
    if (this.#balancer === undefined) this.#send(slot)
    else this.#events.add(this.#balancer.passesAt(this.now), eventOf.picked(slot))
  }

  /** The first attempt of a request. */
  #send(request: number): void {
    const { hedgeAfter } = this.#world.clients
    if (hedgeAfter !== undefined) {
      this.#requests.references[request] = 2
      this.#events.add(this.now + hedgeAfter, eventOf.hedge(request))
    }
    const { first, second } = this.#requests
    this.#attempt(request, first[request] as number, second[request] as number)
  }

  /** Another attempt of a request, beside or after the one at `row`. */
  #sendAgain(request: number, row: number): void {
    const tried = this.#tried.get(request) ?? new Set()
    this.#tried.set(request, tried.add(row))
    this.recorder.furtherAttempts++
    this.#attempt(request, this.#further(), this.#further())
  }

  #attempt(request: number, first: number, second: number): void {
    const requests = this.#requests
    const attempts = this.#attempts
    const dispatcher = requests.dispatcher[request] as number
    const key = requests.keys[request] as string
    const row = this.dispatchers.send(dispatcher, key, this.now, this.#tried.get(request))
    if (row === -1) {
      if (requests.one[request] === -1) this.#over(request, 'unavailable')
      return
    }
    this.recorder.picks[row] = (this.recorder.picks[row] as number) + 1
    const slot = attempts.take()
    attempts.request[slot] = request
    attempts.row[slot] = row
    attempts.dispatcher[slot] = dispatcher
    attempts.sentAt[slot] = this.now
    attempts.work[slot] = (this.#draws[row] as ServiceDraw)(first, second) * this.#cached(row, key)
    attempts.where[slot] = place.held
    const isFurther = (requests.tries[request] as number) > 0 ? 1 : 0
    attempts.isFurther[slot] = isFurther
    this.#furtherInFlight += isFurther
    requests.tries[request] = (requests.tries[request] as number) + 1
    if (requests.one[request] === -1) requests.one[request] = slot
    else requests.other[request] = slot
    if (this.#isUnreachable[row] === 1) this.#attemptFailed(slot, 'refused')
    else if (this.servers.enter(slot, row, this.now) === 'full') this.#attemptFailed(slot, 'full')
  }

  /** Factor of the work by the cache of a backend. */
  #cached(row: number, key: string): number {
    const cache = this.#caches[row]
    if (cache === undefined) return 1
    this.recorder.lookups++
    if (!cache.hit(key)) return 1
    this.recorder.hits++
    return this.#world.backends[row]?.cache?.hitShare ?? 1
  }

  #depart(slot: number): void {
    const { where } = this.#attempts
    // It was given up while it was served: its server was freed then.
    if (where[slot] === place.gone) {
      this.#attempts.free(slot)
      return
    }
    const row = this.#attempts.row[slot] as number
    where[slot] = place.held
    this.servers.freed(row, this.now)
    if (this.isHolding[row] === 0) this.#respond(slot)
  }

  #respond(slot: number): void {
    const attempts = this.#attempts
    const row = attempts.row[slot] as number
    const seconds = this.now - (attempts.sentAt[slot] as number)
    this.dispatchers.responded(attempts.dispatcher[slot] as number, row, seconds, this.now)
    const errors = this.errorShare[row] as number
    if (errors > 0 && this.#errors() < errors) {
      this.#attemptFailed(slot, 'error')
      return
    }
    this.#ejector.succeeded(row)
    const request = attempts.request[slot] as number
    this.#end(slot)
    // The slower one of a hedged request.
    const other = this.#requests.one[request] as number
    if (other !== -1) this.#end(other)
    this.#over(request, undefined)
  }

  #attemptFailed(slot: number, kind: FailureKind): void {
    const { clients } = this.#world
    const request = this.#attempts.request[slot] as number
    const row = this.#attempts.row[slot] as number
    this.#end(slot)
    this.#ejector.failed(row)
    if (this.#requests.one[request] !== -1) return
    const { retries = 0, retryBudget = 0.2 } = clients
    const allowed = Math.max(minRetries, retryBudget * this.#inSystem)
    const isAllowed = this.#furtherInFlight < allowed
    if ((this.#requests.tries[request] as number) <= retries && isAllowed) {
      this.#sendAgain(request, row)
    } else this.#over(request, kind)
  }

  #hedge(request: number): void {
    const requests = this.#requests
    const first = requests.one[request] as number
    const isAlone = requests.isOver[request] === 0 && first !== -1 && requests.other[request] === -1
    if (isAlone) this.#sendAgain(request, this.#attempts.row[first] as number)
    requests.release(request)
  }

  /** Ends an attempt, wherever it is. */
  #end(slot: number): void {
    const attempts = this.#attempts
    const row = attempts.row[slot] as number
    const where = attempts.where[slot]
    if (where === place.waiting) this.servers.unlink(slot, row)
    attempts.end(slot)
    this.dispatchers.ended(attempts.dispatcher[slot] as number, row)
    this.#furtherInFlight -= attempts.isFurther[slot] as number
    this.#requests.detach(attempts.request[slot] as number, slot)
    if (where === place.inService) {
      attempts.where[slot] = place.gone
      this.servers.freed(row, this.now)
    } else attempts.free(slot)
  }

  #over(request: number, failure: FailureKind | undefined): void {
    const requests = this.#requests
    const index = requests.index[request] as number
    const arrivedAt = requests.arrivedAt[request] as number
    this.#inSystem--
    if (failure === undefined) this.recorder.succeeded(index, arrivedAt, this.now)
    else this.recorder.failed(index, failure, { arrivedAt, now: this.now })
    requests.isOver[request] = 1
    if (this.#tried.size > 0) this.#tried.delete(request)
    requests.release(request)
  }
}
