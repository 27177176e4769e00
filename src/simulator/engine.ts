import { type Random, seededInBlocks } from '../kit/random.ts'
import { Attempts } from './attempts.ts'
import { BackendConditions } from './backend-conditions.ts'
import { BackendWork } from './backend-work.ts'
import { BalancerQueue } from './balancer-queue.ts'
import { DispatcherSet } from './dispatcher-set.ts'
import { Ejector } from './ejector.ts'
import { eventKind, eventOf } from './event-kinds.ts'
import { scheduleFaults } from './fault-schedule.ts'
import type { SimulatedAlgorithm, World } from './options.ts'
import { QueueingServers } from './queueing-servers.ts'
import { Recorder } from './recorder.ts'
import { RequestFlow } from './request-flow.ts'
import { RequestSource } from './request-source.ts'
import { Requests } from './requests.ts'
import type { Servers } from './servers.ts'
import { SharingServers } from './sharing-servers.ts'
import { Timeline } from './timeline.ts'

const { departure, picked, hedge } = eventKind

/** Differences of the seeds of the generators, so that the use of one does not move another. */
const generators = {
  ...{ arrivals: 0, work: 1, dice: 2, keys: 3, further: 4, errors: 5, dispatchers: 6, balancer: 7 },
}

/**
 * One replication: requests arrive, are dispatched, served and recorded, in simulated time.
 *
 * Classes over typed arrays, not closures as elsewhere: an event takes a fraction of a microsecond, and allocates nothing.
 */
export class Engine {
  readonly #timeout: number
  readonly #timeline = new Timeline()
  readonly #recorder: Recorder
  readonly #attempts = new Attempts()
  readonly #requests = new Requests()
  readonly #servers: Servers
  readonly #source: RequestSource
  readonly #balancer: BalancerQueue | undefined
  readonly #flow: RequestFlow

  constructor(world: World, algorithm: SimulatedAlgorithm, seed: number) {
    const { backends, balancer, clients, ejection, faults = [] } = world
    const seedOf = (name: keyof typeof generators) => seed + generators[name] * 1_000_003
    const generator = (name: keyof typeof generators): Random => seededInBlocks(seedOf(name))
    const timeline = this.#timeline
    const recorder = new Recorder(world.requests, backends.length)
    const Discipline = world.discipline === 'sharing' ? SharingServers : QueueingServers
    const servers = new Discipline(backends, this.#attempts, timeline)
    const dispatchers = new DispatcherSet(world, algorithm, seedOf('dice'))
    const conditions = new BackendConditions(backends)
    this.#timeout = clients.timeout
    this.#recorder = recorder
    this.#servers = servers
    this.#source = new RequestSource(world, {
      arrivals: generator('arrivals'),
      work: generator('work'),
      keys: generator('keys'),
      dispatchers: generator('dispatchers'),
    })
    this.#balancer = balancer && new BalancerQueue(balancer, generator('balancer'))
    this.#flow = new RequestFlow(world, {
      ...{ timeline, recorder, servers, dispatchers, conditions },
      ...{ requests: this.#requests, attempts: this.#attempts },
      work: new BackendWork(backends, recorder),
      ejector: new Ejector(ejection, timeline, dispatchers),
      dice: { further: generator('further'), errors: generator('errors') },
    })
    this.#keepViews(world, dispatchers)
    scheduleFaults(faults, {
      ...{ timeline, conditions, servers },
      ...{ attempts: this.#attempts, flow: this.#flow },
    })
  }

  /** Runs until the last request is over. */
  run(): Recorder {
    const timeline = this.#timeline
    const { events } = timeline
    const attempts = this.#attempts
    const source = this.#source
    const timeout = this.#timeout
    for (;;) {
      const event = events.next
      const arrival = source.next
      const due = attempts.oldestSentAt + timeout
      if (event <= arrival && event <= due) {
        if (event === Number.POSITIVE_INFINITY) break
        timeline.now = event
        this.#handle(events.take())
      } else if (arrival <= due) {
        timeline.now = arrival
        this.#arrive()
      } else {
        timeline.now = due
        this.#flow.fail(attempts.oldest, 'timeout')
      }
    }
    this.#recorder.longestQueue = this.#servers.longestQueue
    return this.#recorder
  }

  /** Brings what the balancers know of each other up to date, while there are requests. */
  #keepViews({ dispatchers }: World, set: DispatcherSet): void {
    const { refresh = 0, count = 1 } = dispatchers ?? {}
    if (count === 1 || refresh === 0 || refresh === Number.POSITIVE_INFINITY) return
    this.#timeline.every(refresh, () => {
      set.refresh()
      return this.#source.hasMore || this.#flow.inSystem > 0
    })
  }

  #handle(event: number): void {
    const about = event >> 2
    switch (event & 3) {
      case departure: {
        const slot = this.#servers.complete(about)
        if (slot !== -1) this.#flow.completed(slot)
        break
      }
      case picked:
        this.#flow.send(about)
        break
      case hedge:
        this.#flow.hedge(about)
        break
      default:
        this.#timeline.act(about)
    }
  }

  #arrive(): void {
    const { now, events } = this.#timeline
    const request = this.#source.take(this.#requests)
    this.#flow.inSystem++
    this.#recorder.arrived(now)
    if (this.#balancer === undefined) this.#flow.send(request)
    else events.add(this.#balancer.passesAt(now), eventOf.picked(request))
  }
}
