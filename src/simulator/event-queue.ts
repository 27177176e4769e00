import FlatQueue from 'flatqueue'

/** Events by time, in typed arrays: a binary heap of times, each with a number that says what happens. Grows as needed. */
export class EventQueue {
  #heap: FlatQueue<number>

  /** @param capacity number of events that it has room for at the start */
  constructor(capacity = 1024) {
    this.#heap = new FlatQueue<number>(capacity, Float64Array, Int32Array)
  }

  /** Time of the first event; infinity if there is none. */
  get next(): number {
    const heap = this.#heap
    return heap.length === 0 ? Number.POSITIVE_INFINITY : (heap.values[0] as number)
  }

  /** Number of the first event; −1 if there is none. */
  get first(): number {
    return this.#heap.peek() ?? -1
  }

  add(at: number, event: number): void {
    if (this.#heap.length === this.#heap.capacity) this.#grow()
    this.#heap.push(event, at)
  }

  /** Removes the first event. There must be one. */
  take(): number {
    return this.#heap.pop() as number
  }

  #grow(): void {
    const full = this.#heap
    const larger = new FlatQueue<number>(2 * full.capacity, Float64Array, Int32Array)
    ;(larger.values as unknown as Float64Array).set(full.values)
    ;(larger.ids as unknown as Int32Array).set(full.ids)
    larger.length = full.length
    this.#heap = larger
  }
}
