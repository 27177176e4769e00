import { type Attempts, place } from './attempts.ts'
import { eventOf } from './event-kinds.ts'
import type { SimulatedBackend } from './options.ts'
import type { Entry, Servers } from './servers.ts'
import type { Timeline } from './timeline.ts'

/** Backends whose servers take one request each, from one queue for each backend, first come first served. */
export class QueueingServers implements Servers {
  longestQueue = 0
  readonly #servers: Float64Array
  readonly #room: Float64Array
  readonly #busy: Int32Array
  readonly #waiting: Int32Array
  /** Factor of the service times that begin. */
  readonly #slowness: Float64Array
  readonly #head: Int32Array
  readonly #tail: Int32Array
  readonly #attempts: Attempts
  readonly #timeline: Timeline

  constructor(backends: readonly SimulatedBackend[], attempts: Attempts, timeline: Timeline) {
    const n = backends.length
    this.#servers = Float64Array.from(
      backends,
      ({ servers }) => servers || Number.POSITIVE_INFINITY,
    )
    this.#room = Float64Array.from(backends, ({ queue = Number.POSITIVE_INFINITY }) => queue)
    this.#busy = new Int32Array(n)
    this.#waiting = new Int32Array(n)
    this.#slowness = new Float64Array(n).fill(1)
    this.#head = new Int32Array(n).fill(-1)
    this.#tail = new Int32Array(n).fill(-1)
    this.#attempts = attempts
    this.#timeline = timeline
  }

  enter(slot: number, row: number): Entry {
    if ((this.#busy[row] as number) < (this.#servers[row] as number)) {
      this.#begin(slot, row)
      return 'entered'
    }
    const waiting = this.#waiting[row] as number
    if (waiting >= (this.#room[row] as number)) return 'full'
    this.#waiting[row] = waiting + 1
    if (waiting + 1 > this.longestQueue) this.longestQueue = waiting + 1
    this.#append(slot, row)
    return 'entered'
  }

  complete(slot: number): number {
    const { where, row } = this.#attempts
    // It was given up while it was served: its server was freed then.
    if (where[slot] === place.gone) {
      this.#attempts.free(slot)
      return -1
    }
    where[slot] = place.held
    this.#freed(row[slot] as number)
    return slot
  }

  abandon(slot: number, row: number): void {
    const { where } = this.#attempts
    if (where[slot] === place.waiting) {
      this.#unlink(slot, row)
      this.#attempts.free(slot)
      return
    }
    where[slot] = place.gone
    this.#freed(row)
  }

  setSlowness(row: number, factor: number): void {
    this.#slowness[row] = factor
  }

  /** A server has become free: the next in the queue begins. */
  #freed(row: number): void {
    this.#busy[row] = (this.#busy[row] as number) - 1
    const next = this.#head[row] as number
    if (next === -1) return
    this.#unlink(next, row)
    this.#begin(next, row)
  }

  #begin(slot: number, row: number): void {
    const { where, work } = this.#attempts
    this.#busy[row] = (this.#busy[row] as number) + 1
    where[slot] = place.inService
    const seconds = (work[slot] as number) * (this.#slowness[row] as number)
    this.#timeline.events.add(this.#timeline.now + seconds, eventOf.departure(slot))
  }

  #append(slot: number, row: number): void {
    const { before, behind, where } = this.#attempts
    const last = this.#tail[row] as number
    where[slot] = place.waiting
    before[slot] = last
    behind[slot] = -1
    if (last === -1) this.#head[row] = slot
    else behind[last] = slot
    this.#tail[row] = slot
  }

  #unlink(slot: number, row: number): void {
    const { before, behind } = this.#attempts
    const ahead = before[slot] as number
    const next = behind[slot] as number
    if (ahead === -1) this.#head[row] = next
    else behind[ahead] = next
    if (next === -1) this.#tail[row] = ahead
    else before[next] = ahead
    this.#waiting[row] = (this.#waiting[row] as number) - 1
  }
}
