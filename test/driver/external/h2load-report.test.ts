import { expect, test } from 'vitest'
import { parseH2load, parseH2loadLog } from '../../../src/driver/external/h2load-report.ts'

const output = `Main benchmark duration is over for thread #0. Stopping all clients.

finished in 1.00s, 20000.00 req/s, 3.00MB/s
requests: 20010 total, 20018 started, 20010 done, 19990 succeeded, 20 failed, 8 errored, 2 timeout
status codes: 19985 2xx, 5 3xx, 6 4xx, 4 5xx
traffic: 3.00MB (3000000) total, 1.00MB (1000000) headers (space savings 0.00%), 2.00MB (2000000) data
`

test('requests count by status; of those that failed, the rest are errors and time-outs', () => {
  expect(parseH2load(output)).toEqual({ ok: 19_985, non2xx: 15, errors: 3, timeouts: 2 })
})

test('output without counts is an error', () => {
  expect(() => parseH2load('finished')).toThrow('no counts')
})

test('the log has the latencies of 2xx responses, and when each response ended', () => {
  const rows = [
    [1_000_000, 200, 500],
    [1_000_200, 200, 500],
    [1_090_000, 503, 20_000],
    [1_250_000, 200, 700],
    [1_260_000, -1, 10],
  ]
  const { latencies, bins } = parseH2loadLog(`${rows.map((row) => row.join('\t')).join('\n')}\n`)
  expect([...latencies]).toEqual([
    [500, 2],
    [700, 1],
  ])
  expect(bins).toEqual([2, 1, 1])
})
