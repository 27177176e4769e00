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
      this.#requests.references[request] = 2
      events.add(now + hedgeAfter, eventOf.hedge(request))
    }
    const { first, second } = this.#requests
    this.#attempt(request, first[request] as number, second[request] as number)
  }

  /** The time of a hedge has come: a second attempt, unless the request is over or was sent again. */
  hedge(request: number): void {
    const requests = this.#requests
    const first = requests.one[request] as number
    const isAlone = requests.isOver[request] === 0 && first !== -1 && requests.other[request] === -1
    if (isAlone) this.#sendAgain(request, this.#attempts.row[first] as number)
    requests.release(request)
  }

  /** The service of an attempt is complete. */
  completed(slot: number): void {
    if (this.#parts.conditions.isHolding[this.#attempts.row[slot] as number] === 0)
      this.respond(slot)
  }

  /** The response of an attempt that was served comes, or its error. */
  respond(slot: number): void {
    const { timeline, dispatchers, conditions, ejector, dice } = this.#parts
    const attempts = this.#attempts
    const row = attempts.row[slot] as number
    const seconds = timeline.now - (attempts.sentAt[slot] as number)
    dispatchers.responded(attempts.dispatcher[slot] as number, row, seconds, timeline.now)
    const errors = conditions.errorShare[row] as number
    if (errors > 0 && dice.errors() < errors) {
      this.fail(slot, 'error')
      return
    }
    ejector.succeeded(row)
    const request = attempts.request[slot] as number
    this.#end(slot)
    // The slower one of a hedged request.
    const other = this.#requests.one[request] as number
    if (other !== -1) this.#end(other)
    this.#over(request, undefined)
  }

  /** An attempt failed: its request is sent again, waits for its other attempt, or has failed. */
  fail(slot: number, kind: FailureKind): void {
    const requests = this.#requests
    const request = this.#attempts.request[slot] as number
    const row = this.#attempts.row[slot] as number
    this.#end(slot)
    this.#parts.ejector.failed(row)
    if (requests.one[request] !== -1) return
    if (this.#further.mayRetry(requests.tries[request] as number, this.inSystem)) {
      this.#sendAgain(request, row)
    } else this.#over(request, kind)
  }

  /** Another attempt of a request, beside or after the one at `row`. */
  #sendAgain(request: number, row: number): void {
    const { recorder, dice } = this.#parts
    this.#further.exclude(request, row)
    recorder.furtherAttempts++
    this.#attempt(request, dice.further(), dice.further())
  }

  #attempt(request: number, first: number, second: number): void {
    const { timeline, dispatchers, servers, work, conditions, recorder } = this.#parts
    const requests = this.#requests
    const attempts = this.#attempts
    const { now } = timeline
    const dispatcher = requests.dispatcher[request] as number
    const key = requests.keys[request] as string
    const row = dispatchers.send(dispatcher, key, now, this.#further.tried(request))
    if (row === -1) {
      if (requests.one[request] === -1) this.#over(request, 'unavailable')
      return
    }
    recorder.picks[row] = (recorder.picks[row] as number) + 1
    const slot = attempts.take()
    attempts.request[slot] = request
    attempts.row[slot] = row
    attempts.dispatcher[slot] = dispatcher
    attempts.sentAt[slot] = now
    attempts.work[slot] = work.draw(row, first, second) * work.cached(row, key)
    attempts.where[slot] = place.held
    const tries = requests.tries[request] as number
    const isFurther = tries > 0 ? 1 : 0
    attempts.isFurther[slot] = isFurther
    this.#further.count(isFurther)
    requests.tries[request] = tries + 1
    if (requests.one[request] === -1) requests.one[request] = slot
    else requests.other[request] = slot
    if (conditions.isUnreachable[row] === 1) this.fail(slot, 'refused')
    else if (servers.enter(slot, row) === 'full') this.fail(slot, 'full')
  }

  /** Ends an attempt, wherever it is. */
  #end(slot: number): void {
    const { dispatchers, servers } = this.#parts
    const attempts = this.#attempts
    const row = attempts.row[slot] as number
    attempts.end(slot)
    dispatchers.ended(attempts.dispatcher[slot] as number, row)
    this.#further.count(-(attempts.isFurther[slot] as number))
    this.#requests.detach(attempts.request[slot] as number, slot)
    if (attempts.where[slot] === place.held) attempts.free(slot)
    else servers.abandon(slot, row)
  }

  #over(request: number, failure: FailureKind | undefined): void {
    const { recorder, timeline } = this.#parts
    const requests = this.#requests
    const index = requests.index[request] as number
    const arrivedAt = requests.arrivedAt[request] as number
    this.inSystem--
    if (failure === undefined) recorder.succeeded(index, arrivedAt, timeline.now)
    else recorder.failed(index, failure, { arrivedAt, now: timeline.now })
    requests.isOver[request] = 1
    this.#further.forget(request)
    requests.release(request)
  }
}
