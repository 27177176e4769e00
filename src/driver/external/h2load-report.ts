/** The counts that h2load prints. */
export interface H2loadReport {
  /** Complete responses with a 2xx status, and with any other. */
  readonly ok: number
  readonly non2xx: number
  /** Requests without a complete response, and of these those whose connection timed out. */
  readonly errors: number
  readonly timeouts: number
}

/**
 * Parses what h2load printed.
 *
 * @throws {Error} there are no counts: h2load ended early
 */
export function parseH2load(output: string): H2loadReport {
  const requests = /^requests: .*?(\d+) failed, (\d+) errored, (\d+) timeout/m.exec(output)
  const statuses = /^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx/m.exec(output)
  if (requests === null || statuses === null) throw new Error('h2load printed no counts')
  const [failed = 0, , timeouts = 0] = requests.slice(1).map(Number)
  const [ok = 0, ...others] = statuses.slice(1).map(Number)
  const non2xx = others.reduce((sum, count) => sum + count, 0)
  return { ok, non2xx, errors: Math.max(0, failed - non2xx - timeouts), timeouts }
}

/** What the log of a run has: latencies of responses, and when they ended. */
export interface H2loadLog {
  /** Count of each latency in µs, of responses with a 2xx status. */
  readonly latencies: ReadonlyMap<number, number>
  /** Responses completed in each 100 ms. */
  readonly bins: readonly number[]
}

/** Microseconds of one bin. */
const binMicros = 100_000

/** Reads the log of a run. Each line: start in µs since the epoch, status, µs until the end of the response. */
export function parseH2loadLog(log: string): H2loadLog {
  const latencies = new Map<number, number>()
  const ends: number[] = []
  let begin = Number.POSITIVE_INFINITY
  for (const line of log.split('\n')) {
    const [start = 0, status = 0, micros = 0] = line.split('\t').map(Number)
    if (status < 100 || line === '') continue
    begin = Math.min(begin, start)
    ends.push(start + micros)
    if (status >= 200 && status < 300) latencies.set(micros, (latencies.get(micros) ?? 0) + 1)
  }
  const bins: number[] = []
  for (const end of ends) {
    const bin = Math.floor((end - begin) / binMicros)
    while (bins.length <= bin) bins.push(0)
    bins[bin] = (bins[bin] as number) + 1
  }
  return { latencies, bins }
}
