import type { Random } from '../kit/random.ts'
import { type ArrivalStream, arrivalStream } from './arrival-stream.ts'
import { keyStream } from './key-stream.ts'
import type { World } from './options.ts'
import type { Requests } from './requests.ts'

/** The random numbers that requests are made of, one generator for each. */
interface RequestDice {
  readonly arrivals: Random
  readonly work: Random
  readonly keys: Random
  readonly dispatchers: Random
}

/**
 * Makes the requests. Arrivals, keys and work come from streams of their own, which no algorithm touches: all algorithms meet the
 * same requests (common random numbers).
 */
export class RequestSource {
  readonly #arrivals: ArrivalStream
  readonly #dice: RequestDice
  readonly #keys: (() => string) | undefined
  readonly #dispatchers: number
  readonly #count: number
  #made = 0

  constructor({ arrivals, keys, dispatchers, requests }: World, dice: RequestDice) {
    this.#arrivals = arrivalStream(arrivals, dice.arrivals)
    this.#dice = dice
    this.#keys = keys && keyStream(keys, dice.keys)
    this.#dispatchers = dispatchers?.count ?? 1
    this.#count = requests
  }

  /** Whether a request is still to come. */
  get hasMore(): boolean {
    return this.#made < this.#count
  }

  /** Time of the next request; infinity if there is none. */
  next(): number {
    return this.hasMore ? this.#arrivals.next() : Number.POSITIVE_INFINITY
  }

  /** The request whose time `next` returned, in a new slot. */
  take(requests: Requests, now: number): number {
    const slot = requests.take()
    requests.index[slot] = this.#made++
    requests.arrivedAt[slot] = now
    requests.first[slot] = this.#dice.work()
    requests.second[slot] = this.#dice.work()
    const count = this.#dispatchers
    requests.dispatcher[slot] = count === 1 ? 0 : Math.floor(this.#dice.dispatchers() * count)
    const { key } = this.#arrivals
    if (key !== undefined) requests.keys[slot] = key
    else if (this.#keys !== undefined) requests.keys[slot] = this.#keys()
    return slot
  }
}
