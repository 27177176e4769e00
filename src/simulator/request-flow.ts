import type { Random } from '../kit/random.ts'
import type { FailureKind } from '../result/simulation.ts'
import { type Attempts, place } from './attempts.ts'
import type { BackendConditions } from './backend-conditions.ts'
import type { BackendWork } from './backend-work.ts'
import type { DispatcherSet } from './dispatcher-set.ts'
import type { Ejector } from './ejector.ts'
import { eventOf } from './event-kinds.ts'
import { FurtherAttempts } from './further-attempts.ts'
import type { World } from './options.ts'
import type { Recorder } from './recorder.ts'
import type { Requests } from './requests.ts'
import type { Servers } from './servers.ts'
import type { Timeline } from './timeline.ts'

const { held } = place

/** The parts of a replication that requests pass through. */
interface FlowParts {
  readonly timeline: Timeline
  readonly requests: Requests
  readonly attempts: Attempts
  readonly dispatchers: DispatcherSet
  readonly servers: Servers
  readonly work: BackendWork
  readonly conditions: BackendConditions
  readonly ejector: Ejector
  readonly recorder: Recorder
  /** Numbers for the work of further attempts, and for errors. */
  readonly dice: { readonly further: Random; readonly errors: Random }
}

/** The way of requests: sent, served, responded to or failed, sent again, and over. */
export class RequestFlow {
  /** Requests that are not over. */
  inSystem = 0
  readonly #clients: World['clients']
  readonly #parts: FlowParts
  readonly #requests: Requests
  readonly #attempts: Attempts
  readonly #further: FurtherAttempts

  constructor({ clients }: World, parts: FlowParts) {
    this.#clients = clients
    this.#parts = parts
    this.#requests = parts.requests
    this.#attempts = parts.attempts
    this.#further = new FurtherAttempts(clients)
  }

  /** The first attempt of a request. */
  send(request: number): void {
    const { hedgeAfter } = this.#clients
    if (hedgeAfter !== undefined) {
      const { now, events } = this.#parts.timeline
      this.#requests.refer(request)
      events.add(now + hedgeAfter, eventOf.hedge(request))
    }
    this.#attempt(request)
  }

  /** The time of a hedge has come: a second attempt, unless the request is over or was sent again. */
  hedge(request: number): void {
    const requests = this.#requests
    const first = requests.one(request)
    const isAlone = !requests.isOver(request) && first !== -1 && requests.other(request) === -1
    if (isAlone) this.#sendAgain(request, this.#attempts.row(first))
    requests.release(request)
  }

  /** The service of an attempt is complete. */
  completed(slot: number): void {
    if (this.#parts.conditions.isHolding[this.#attempts.row(slot)] === 0) this.respond(slot)
  }

  /** The response of an attempt that was served comes, or its error. */
  respond(slot: number): void {
    const { timeline, dispatchers, conditions, ejector, dice } = this.#parts
    const attempts = this.#attempts
    const row = attempts.row(slot)
    const seconds = timeline.now - attempts.sentAt(slot)
    dispatchers.responded(attempts.dispatcher(slot), row, seconds, timeline.now)
    if (conditions.anyErrors) {
      const errors = conditions.errorShare[row] as number
      if (errors > 0 && dice.errors() < errors) {
        this.fail(slot, 'error')
        return
      }
    }
    ejector.succeeded(row)
    const request = attempts.request(slot)
    this.#end(slot)
    // The slower one of a hedged request.
    const other = this.#requests.one(request)
    if (other !== -1) this.#end(other)
    this.#over(request, undefined)
  }

  /** An attempt failed: its request is sent again, waits for its other attempt, or has failed. */
  fail(slot: number, kind: FailureKind): void {
    const requests = this.#requests
    const request = this.#attempts.request(slot)
    const row = this.#attempts.row(slot)
    this.#end(slot)
    this.#parts.ejector.failed(row)
    if (requests.one(request) !== -1) return
    if (this.#further.mayRetry(requests.tries(request), this.inSystem)) {
      this.#sendAgain(request, row)
    } else this.#over(request, kind)
  }

  /** Another attempt of a request, beside or after the one at `row`. */
  #sendAgain(request: number, row: number): void {
    this.#further.exclude(request, row)
    this.#parts.recorder.furtherAttempts++
    this.#attempt(request)
  }

  #attempt(request: number): void {
    const { timeline, dispatchers, servers, work, conditions, recorder, dice } = this.#parts
    const requests = this.#requests
    const attempts = this.#attempts
    const { now } = timeline
    const isFurther = requests.tries(request) > 0
    const first = isFurther ? dice.further() : requests.first(request)
    const second = isFurther ? dice.further() : requests.second(request)
    const dispatcher = requests.dispatcher(request)
    const key = requests.key(request)
    const row = dispatchers.send(dispatcher, key, now, this.#further.tried(request))
    if (row === -1) {
      if (requests.one(request) === -1) this.#over(request, 'unavailable')
      return
    }
    recorder.picks[row] = (recorder.picks[row] as number) + 1
    const slot = attempts.take(request, row, dispatcher)
    attempts.setSentAt(slot, now)
    attempts.setWork(slot, work.draw(row, first, second) * work.cached(row, key))
    attempts.setFurther(slot, isFurther ? 1 : 0)
    if (isFurther) this.#further.began()
    requests.attach(request, slot)
    if (conditions.isUnreachable[row] === 1) this.fail(slot, 'refused')
    else if (servers.enter(slot, row) === 'full') this.fail(slot, 'full')
  }

  /** Ends an attempt, wherever it is. */
  #end(slot: number): void {
    const { dispatchers, servers } = this.#parts
    const attempts = this.#attempts
    const row = attempts.row(slot)
    attempts.end(slot)
    dispatchers.ended(attempts.dispatcher(slot), row)
    if (attempts.further(slot) === 1) this.#further.ended()
    this.#requests.detach(attempts.request(slot), slot)
    if (attempts.where(slot) === held) attempts.free(slot)
    else servers.abandon(slot, row)
  }

  #over(request: number, failure: FailureKind | undefined): void {
    const { recorder, timeline } = this.#parts
    const requests = this.#requests
    const index = requests.index(request)
    const arrivedAt = requests.arrivedAt(request)
    this.inSystem--
    if (failure === undefined) recorder.succeeded(index, arrivedAt, timeline.now)
    else recorder.failed(index, failure, { arrivedAt, now: timeline.now })
    this.#further.forget(request)
    requests.end(request)
  }
}
