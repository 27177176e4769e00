/** What became of an attempt that came to a backend. */
export type Entry = 'entered' | 'full'

/** The servers of all backends, by one discipline. */
export interface Servers {
  /** Maximum number of attempts that waited at one backend. */
  readonly longestQueue: number
  /** An attempt comes to its backend. */
  enter(slot: number, row: number): Entry
  /**
   * A departure event, about an attempt or a backend, whichever the discipline has put in it: returns the attempt whose service
   * is complete, and which has left; −1 if there is none, because it was given up or the event is out of date.
   */
  complete(attemptOrRow: number): number
  /** An attempt that waits or is in service was given up: it leaves, and its slot is given back. */
  abandon(slot: number, row: number): void
  /** From now on service takes `factor` times as long. */
  setSlowness(row: number, factor: number): void
}
