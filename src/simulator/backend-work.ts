import { KeyCache } from './key-cache.ts'
import type { SimulatedBackend } from './options.ts'
import type { Recorder } from './recorder.ts'
import { type ServiceDraw, serviceDraw } from './service-draw.ts'

/** How long the backends work on requests: by their service times, less where a cache has the key. */
export class BackendWork {
  readonly #draws: readonly ServiceDraw[]
  /** The draw of all backends, if they are equal: then a row needs not be looked up. */
  readonly #common: ServiceDraw | undefined
  /** Undefined if no backend has a cache. */
  readonly #caches: readonly (KeyCache | undefined)[] | undefined
  readonly #hitShare: Float64Array
  readonly #recorder: Recorder

  constructor(backends: readonly SimulatedBackend[], recorder: Recorder) {
    // Equal backends share a draw: one closure is called, not thousands.
    const known = new Map(backends.map(({ service }) => [service, serviceDraw(service)]))
    this.#draws = backends.map(({ service }) => known.get(service) as ServiceDraw)
    this.#common = known.size === 1 ? this.#draws[0] : undefined
    const caches = backends.map(({ cache }) => cache && new KeyCache(cache.entries))
    this.#caches = caches.some((cache) => cache !== undefined) ? caches : undefined
    this.#hitShare = Float64Array.from(backends, ({ cache }) => cache?.hitShare ?? 1)
    this.#recorder = recorder
  }

  /** Seconds of work of a request that no cache has, from two numbers that are uniform over [0, 1). */
  draw(row: number, first: number, second: number): number {
    const draw = this.#common ?? (this.#draws[row] as ServiceDraw)
    return draw(first, second)
  }

  /** Fraction of the work that is left of a request with a key; afterwards the cache has the key. */
  cached(row: number, key: string): number {
    const cache = this.#caches?.[row]
    if (cache === undefined) return 1
    this.#recorder.lookups++
    if (!cache.hit(key)) return 1
    this.#recorder.hits++
    return this.#hitShare[row] as number
  }
}
