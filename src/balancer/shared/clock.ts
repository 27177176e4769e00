/** Seconds on the system's monotonic clock; performance.now() alone starts at 0 in every thread. */
export function sharedClock(): () => number {
  const [seconds, nanoseconds] = process.hrtime()
  const offset = seconds + nanoseconds / 1e9 - performance.now() / 1000
  return () => performance.now() / 1000 + offset
}
