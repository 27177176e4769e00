/**
 * Events by time: a binary heap of times in one typed array, and in another a number for each that says what happens. Grows as
 * needed.
 *
 * The order of events of one time follows from the heap, and with it the result of a simulation: it is that of flatqueue, and a heap
 * with four children to a node, or a calendar queue, would have another one.
 */
export class EventQueue {
  /** Behind the last time is infinity, which no event comes after. */
  #times: Float64Array<ArrayBuffer>
  #events: Int32Array<ArrayBuffer>
  #length = 0

  /** @param capacity number of events that it has room for at the start */
  constructor(capacity = 1024) {
    this.#times = new Float64Array(capacity + 1)
    this.#times[0] = Number.POSITIVE_INFINITY
    this.#events = new Int32Array(capacity + 1)
  }

  /** Time of the first event; infinity if there is none. */
  get next(): number {
    return this.#times[0] as number
  }

  /** Number of the first event; −1 if there is none. */
  get first(): number {
    return this.#length === 0 ? -1 : (this.#events[0] as number)
  }

  add(at: number, event: number): void {
    const length = this.#length + 1
    this.#length = length
    if (length === this.#times.length) this.#grow()
    const times = this.#times
    const events = this.#events
    times[length] = Number.POSITIVE_INFINITY
    let place = length - 1
    while (place > 0) {
      const above = (place - 1) >> 1
      const time = times[above] as number
      if (at >= time) break
      times[place] = time
      events[place] = events[above] as number
      place = above
    }
    times[place] = at
    events[place] = event
  }

  /** Removes the first event, and returns its number. There must be one. */
  take(): number {
    const times = this.#times
    const events = this.#events
    const taken = events[0] as number
    const length = this.#length - 1
    this.#length = length
    const last = times[length] as number
    times[length] = Number.POSITIVE_INFINITY
    if (length === 0) return taken
    const inner = length >> 1
    let place = 0
    while (place < inner) {
      const left = 2 * place + 1
      // A sum and not a branch, which would be mispredicted every other time.
      const below = left + +((times[left + 1] as number) < (times[left] as number))
      const time = times[below] as number
      if (time >= last) break
      times[place] = time
      events[place] = events[below] as number
      place = below
    }
    times[place] = last
    events[place] = events[length] as number
    return taken
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#times.length)
    const events = new Int32Array(2 * this.#times.length)
    times.set(this.#times)
    events.set(this.#events)
    this.#times = times
    this.#events = events
  }
}
