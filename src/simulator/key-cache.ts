/** A cache of keys that drops the one that was not used for longest. */
export class KeyCache {
  readonly #entries: number
  // A set keeps the order of insertion: the first is the least recently used.
  readonly #keys = new Set<string>()

  constructor(entries: number) {
    this.#entries = entries
  }

  /** Whether the key is in the cache; afterwards it is. */
  hit(key: string): boolean {
    const isHit = this.#keys.delete(key)
    this.#keys.add(key)
    if (this.#keys.size > this.#entries)
      this.#keys.delete(this.#keys.values().next().value as string)
    return isHit
  }
}
