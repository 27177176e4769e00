/** Attempts before a waiter sleeps: a lock is held for a few µs at most. */
const spinsPerSleep = 1000
/** Sleeps, of 1 ms each, during one hold before a waiter takes the lock over. */
const maxSleeps = 250

/**
 * Waits for the lock in the shared cell `cells[at]`, and returns the ticket to release it with. The cell is even
 * while the lock is free, odd while it is held, and every hold has another number.
 *
 * A worker can be terminated while it holds the lock. A waiter that sees the same odd number for 250 ms takes the
 * lock over with the next odd number. If the old holder was only preempted, its release then fails, and its
 * late writes may mix with others: the guarded data must tolerate that (credits and averages do: they are
 * wrong for a moment and recover).
 */
export function acquire(cells: Int32Array, at: number): number {
  for (let attempt = 1; ; attempt++) {
    const seen = Atomics.load(cells, at)
    const held = (seen & 1) === 1
    const ticket =
      held && attempt % spinsPerSleep === 0
        ? sleepOrTakeOver(cells, at, seen)
        : tryTake(cells, at, seen)
    if (ticket !== 0) return ticket
  }
}

/** Releases the lock that was acquired with `ticket`, unless it was taken over. */
export function release(cells: Int32Array, at: number, ticket: number): void {
  Atomics.compareExchange(cells, at, ticket, (ticket + 1) | 0)
}

/** Acquires the lock if it is free; 0 if it is not, or another thread was faster. */
function tryTake(cells: Int32Array, at: number, seen: number): number {
  if ((seen & 1) === 1) return 0
  const ticket = (seen + 1) | 0
  return Atomics.compareExchange(cells, at, seen, ticket) === seen ? ticket : 0
}

/** Sleeps during the hold `held`, and takes the lock over if it lasts too long; 0 if the hold ended. */
function sleepOrTakeOver(cells: Int32Array, at: number, held: number): number {
  for (let sleeps = 0; sleeps < maxSleeps; sleeps++) {
    if (Atomics.wait(cells, at, held, 1) !== 'timed-out') return 0
  }
  const taken = (held + 2) | 0
  return Atomics.compareExchange(cells, at, held, taken) === held ? taken : 0
}

/** The lock in `cells[at]` as an object: see acquire. */
export function sequenceLock(cells: Int32Array, at: number) {
  return {
    acquire: () => acquire(cells, at),
    release: (ticket: number) => release(cells, at, ticket),
  }
}
