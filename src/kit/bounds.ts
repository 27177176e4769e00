/**
 * Upper bounds of the numbers that a user can give in flags and scenarios. Each is beyond any measurement on one host, and
 * low enough that memory and timers hold it: a typing mistake is an error in place of a run without an end.
 */
export const bounds = {
  /** Mock backends. Each has a listening socket. */
  backends: 1000,
  /** Weight of a backend, as in nginx. */
  weight: 65_535,
  /** Requests in service at once. */
  concurrency: 1_000_000,
  /** Bytes of a body; each backend has one in memory. */
  bodyBytes: 64 * 2 ** 20,
  /** Workers of a target. */
  cores: 1024,
  /** Connections of a driver; the local ports of one address are about as many. */
  connections: 65_535,
  /** Requests in flight on one HTTP/2 connection; servers allow 100 to 250 as a rule. */
  streams: 1000,
  /** Processes of a driver, or of the mock backends. */
  drivers: 256,
  /** Trials of an arm in a phase, A/A comparisons, picks of an algorithm. */
  trials: 10_000,
  /** Trials of a run. */
  allTrials: 100_000,
  /** Requests per second. */
  rate: 10_000_000,
  /** Seconds of a time: 24 hours. Timers of Node hold 24 days, which several times together must not exceed. */
  seconds: 86_400,
  /** Seconds of a whole run: 7 days. */
  runSeconds: 7 * 86_400,
  /** Users that a document describes. */
  documentedUsers: 1_000_000_000,
  /** Items of a list in a scenario. */
  listed: 1000,
} as const
