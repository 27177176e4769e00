/** Kinds of events. An event is a number: the slot, row or index that it is about, times four, and its kind. */
export const eventKind = { departure: 0, picked: 1, hedge: 2, control: 3 } as const

/** The number of an event. */
export const eventOf = {
  /** A service ends: of an attempt, or at a backend. See `Servers.complete`. */
  departure: (attemptOrRow: number) => attemptOrRow << 2,
  /** The balancer has worked on a request. */
  picked: (request: number) => (request << 2) | eventKind.picked,
  /** A request is sent a second time, if it is not over. */
  hedge: (request: number) => (request << 2) | eventKind.hedge,
  /** A fault begins or ends, a view is brought up to date. */
  control: (index: number) => (index << 2) | eventKind.control,
} as const
