import { type Attempts, place } from './attempts.ts'
import { eventOf } from './event-kinds.ts'
import { EventQueue } from './event-queue.ts'
import type { SimulatedBackend } from './options.ts'
import type { Entry, Servers } from './servers.ts'
import type { Timeline } from './timeline.ts'

/**
 * Backends that work on all their requests at once (processor sharing): k requests on c servers each progress at min(1, c ÷ k) of
 * full speed. Each backend has a clock of its own that advances by that much: a request is complete when the clock has advanced
 * by its work, so that an arrival changes one clock and not k requests.
 */
export class SharingServers implements Servers {
  longestQueue = 0
  readonly #servers: Float64Array
  readonly #room: Float64Array
  readonly #inService: Int32Array
  readonly #slowness: Float64Array
  /** The clock of each backend, in seconds of work, and when it was read last. */
  readonly #worked: Float64Array
  readonly #readAt: Float64Array
  /** When the next request of each backend is complete; earlier events are out of date. */
  readonly #dueAt: Float64Array
  /** Attempts of each backend by the time of its clock at which they are complete. */
  readonly #open: readonly EventQueue[]
  readonly #attempts: Attempts
  readonly #timeline: Timeline

  constructor(backends: readonly SimulatedBackend[], attempts: Attempts, timeline: Timeline) {
    const n = backends.length
    this.#servers = Float64Array.from(
      backends,
      ({ servers }) => servers || Number.POSITIVE_INFINITY,
    )
    this.#room = Float64Array.from(backends, ({ queue = Number.POSITIVE_INFINITY }) => queue)
    this.#inService = new Int32Array(n)
    this.#slowness = new Float64Array(n).fill(1)
    this.#worked = new Float64Array(n)
    this.#readAt = new Float64Array(n)
    this.#dueAt = new Float64Array(n)
    this.#open = Array.from({ length: n }, () => new EventQueue(8))
    this.#attempts = attempts
    this.#timeline = timeline
  }

  enter(slot: number, row: number): Entry {
    const waiting = (this.#inService[row] as number) + 1 - (this.#servers[row] as number)
    if (waiting > (this.#room[row] as number)) return 'full'
    if (waiting > this.longestQueue) this.longestQueue = waiting
    this.#advance(row)
    this.#inService[row] = (this.#inService[row] as number) + 1
    this.#attempts.setWhere(slot, place.inService)
    this.#open[row]?.add((this.#worked[row] as number) + this.#attempts.work(slot), slot)
    this.#schedule(row)
    return 'entered'
  }

  complete(row: number): number {
    if (this.#dueAt[row] !== this.#timeline.now) return -1
    this.#advance(row)
    const slot = (this.#open[row] as EventQueue).take()
    this.#inService[row] = (this.#inService[row] as number) - 1
    this.#attempts.setWhere(slot, place.held)
    this.#schedule(row)
    return slot
  }

  abandon(slot: number, row: number): void {
    this.#advance(row)
    this.#attempts.setWhere(slot, place.gone)
    this.#inService[row] = (this.#inService[row] as number) - 1
    this.#schedule(row)
  }

  setSlowness(row: number, factor: number): void {
    this.#advance(row)
    this.#slowness[row] = factor
    this.#schedule(row)
  }

  /** Seconds of work a second on each request. */
  #speed(row: number): number {
    const share = (this.#servers[row] as number) / Math.max(1, this.#inService[row] as number)
    return Math.min(1, share) / (this.#slowness[row] as number)
  }

  #advance(row: number): void {
    const { now } = this.#timeline
    const passed = now - (this.#readAt[row] as number)
    this.#readAt[row] = now
    this.#worked[row] = (this.#worked[row] as number) + passed * this.#speed(row)
  }

  /** Gives back what was given up, and has the next completion come as an event. */
  #schedule(row: number): void {
    const open = this.#open[row] as EventQueue
    while (open.first !== -1 && this.#attempts.where(open.first) === place.gone) {
      this.#attempts.free(open.take())
    }
    this.#dueAt[row] = Number.POSITIVE_INFINITY
    if (open.next === Number.POSITIVE_INFINITY) return
    const left = Math.max(0, open.next - (this.#worked[row] as number)) / this.#speed(row)
    const due = this.#timeline.now + left
    this.#dueAt[row] = due
    this.#timeline.events.add(due, eventOf.departure(row))
  }
}
