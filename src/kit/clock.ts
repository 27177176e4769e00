/**
 * Milliseconds from this thread's `performance.now()` to `process.hrtime`, which is the same in every thread and
 * process of the host. The maximum of several readings: a delay between reading the two clocks makes it smaller.
 */
export function hrtimeOffsetMs(): number {
  const readings = Array.from({ length: 20 }, () => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1e3 + nanoseconds / 1e6 - performance.now()
  })
  return Math.max(...readings)
}
