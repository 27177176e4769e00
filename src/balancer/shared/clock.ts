/** A clock in seconds that is the same in all threads: performance.now() alone starts at 0 in each. */
export function sharedClock(): () => number {
  const [seconds, nanoseconds] = process.hrtime()
  const offset = seconds + nanoseconds / 1e9 - performance.now() / 1000
  return () => performance.now() / 1000 + offset
}
