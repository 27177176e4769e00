/** Latency in milliseconds above which nginx treats all backends as equally slow. */
const maxMs = 5000

/** Milliseconds in which latencies count as equal. */
const stepMs = 20

/**
 * Estimated time of a backend for its requests and one more, in nginx's integer milliseconds: the latency,
 * rounded up to steps of 20 ms so that similar backends take turns, times the requests that it would have.
 */
export function leastTimeScore(seconds: number, inFlight: number): number {
  return latencyStep(seconds) * (1 + inFlight)
}

/** The latency in milliseconds, rounded up to a step. */
export function latencyStep(seconds: number): number {
  const ms = roundedMs(seconds)
  return ms > maxMs ? maxMs : ms + stepMs - (ms % stepMs)
}

/** The latency in seconds below which the score of a latency of `seconds` is another one; 0 if there is none. */
export function nextLowerStep(seconds: number): number {
  const ms = roundedMs(seconds)
  const lowest = ms > maxMs ? maxMs + 1 : ms - (ms % stepMs)
  return Math.max(0, (lowest - 0.5) / 1000)
}

function roundedMs(seconds: number): number {
  // A machine integer: a division of doubles would double the cost of a pick.
  return (Math.min(seconds, 10) * 1000 + 0.5) | 0
}
