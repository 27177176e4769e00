/** Looks at the cell before a waiter sleeps for a moment. What a lock guards takes a few µs at most. */
const looks = 1000
/** Sleeps, of 1 ms each, under the same ticket before a waiter takes the lock from its holder. */
const patience = 250

/**
 * Waits for the lock in the shared cell `cells[at]` and returns the ticket to release it with. The
 * cell is even while the lock is free, odd while it is held, and every hold has another number.
 *
 * A worker can be terminated in the middle of anything. Whoever has seen one and the same odd number
 * for a quarter of a second takes the lock over with the next odd number. Where the old holder was
 * only kept off its CPU, its release then fails, and its late writes land among those of others: what
 * the lock guards must bear that (credits and averages do: they are off for a moment and come back).
 */
export function acquire(cells: Int32Array, at: number): number {
  for (let look = 1; ; look++) {
    const seen = Atomics.load(cells, at)
    const held = (seen & 1) === 1
    const ticket = held && look % looks === 0 ? outwait(cells, at, seen) : take(cells, at, seen)
    if (ticket !== 0) return ticket
  }
}

/** Frees the lock that was acquired with `ticket`, unless it was taken over. */
export function release(cells: Int32Array, at: number, ticket: number): void {
  Atomics.compareExchange(cells, at, ticket, (ticket + 1) | 0)
}

/** Takes the lock if it is free; 0 if it is not, or another was faster. */
function take(cells: Int32Array, at: number, seen: number): number {
  if ((seen & 1) === 1) return 0
  const ticket = (seen + 1) | 0
  return Atomics.compareExchange(cells, at, seen, ticket) === seen ? ticket : 0
}

/** Sleeps while `held` stands, and takes the lock over if it still does; 0 if it does not. */
function outwait(cells: Int32Array, at: number, held: number): number {
  for (let sleeps = 0; sleeps < patience; sleeps++) {
    if (Atomics.wait(cells, at, held, 1) !== 'timed-out') return 0
  }
  const taken = (held + 2) | 0
  return Atomics.compareExchange(cells, at, held, taken) === held ? taken : 0
}

/** The lock over `cells[at]` as one thing to hand on: see acquire. */
export function sequenceLock(cells: Int32Array, at: number) {
  return {
    acquire: () => acquire(cells, at),
    release: (ticket: number) => release(cells, at, ticket),
  }
}
