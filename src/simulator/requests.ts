import { grown } from './attempts.ts'

const firstCapacity = 1024

/** Requests that are not over, as columns of typed arrays. */
export class Requests {
  /** Number of the request, from 0, in order of arrival. */
  index = new Int32Array(firstCapacity)
  arrivedAt = new Float64Array(firstCapacity)
  /** Two numbers that are uniform over [0, 1): its work. */
  first = new Float64Array(firstCapacity)
  second = new Float64Array(firstCapacity)
  dispatcher = new Int32Array(firstCapacity)
  /** Attempts that were sent. */
  tries = new Int32Array(firstCapacity)
  /** Slots of its attempts in flight, the first one and a hedge; −1: none. */
  one = new Int32Array(firstCapacity)
  other = new Int32Array(firstCapacity)
  /** What still refers to it: itself until it is over, and a hedge to come. */
  references = new Int32Array(firstCapacity)
  isOver = new Uint8Array(firstCapacity)
  readonly keys: string[] = []
  #next = new Int32Array(firstCapacity)
  #free = -1
  #used = 0

  take(): number {
    let slot = this.#free
    if (slot === -1) {
      if (this.#used === this.index.length) this.#grow()
      slot = this.#used++
      this.keys.push('')
    } else this.#free = this.#next[slot] as number
    this.tries[slot] = 0
    this.one[slot] = -1
    this.other[slot] = -1
    this.references[slot] = 1
    this.isOver[slot] = 0
    return slot
  }

  /** One of its attempts has ended. */
  detach(slot: number, attempt: number): void {
    if (this.one[slot] === attempt) this.one[slot] = this.other[slot] as number
    this.other[slot] = -1
  }

  /** Drops a reference; without any, the slot is free again. */
  release(slot: number): void {
    const left = (this.references[slot] as number) - 1
    this.references[slot] = left
    if (left > 0) return
    this.#next[slot] = this.#free
    this.#free = slot
  }

  #grow(): void {
    const length = 2 * this.index.length
    const ints = (column: Int32Array<ArrayBuffer>) => grown(new Int32Array(length), column)
    const floats = (column: Float64Array<ArrayBuffer>) => grown(new Float64Array(length), column)
    this.index = ints(this.index)
    this.dispatcher = ints(this.dispatcher)
    this.tries = ints(this.tries)
    this.one = ints(this.one)
    this.other = ints(this.other)
    this.references = ints(this.references)
    this.#next = ints(this.#next)
    this.arrivedAt = floats(this.arrivedAt)
    this.first = floats(this.first)
    this.second = floats(this.second)
    this.isOver = grown(new Uint8Array(length), this.isOver)
  }
}
