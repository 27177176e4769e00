import { expect, test } from 'vitest'
import { measuredOnly, parseWrk } from '../../../src/driver/external/wrk-report.ts'

const output = (lines: readonly string[]) =>
  ['Running 2s test @ http://127.0.0.1', '  Latency   1.00ms', 'lb-closed', ...lines, ''].join('\n')

test('counts and latencies are those that the script printed', () => {
  const report = parseWrk(
    output(['lb-summary 2000000 1000 1 2 3 4 5', 'lb-latency 2000 400', 'lb-latency 2500 600']),
    1,
  )
  expect(report).toEqual({
    seconds: 2,
    responses: 1000,
    status: 4,
    late: 5,
    errors: { connect: 1, read: 2, write: 3 },
    latencies: [
      [2000, 400],
      [2500, 600],
    ],
  })
})

test('output without a summary is an error', () => {
  expect(() => parseWrk(output([]), 1)).toThrow('no summary')
})

/** The correction as wrk 4.1.0 makes it: `stats_correct` in src/stats.c. */
function corrected(measured: ReadonlyMap<number, number>, expected: number): Map<number, number> {
  const data = new Map(measured)
  for (let n = expected * 2; n <= Math.max(...measured.keys()); n++) {
    const count = data.get(n) ?? 0
    for (let m = n - expected; count > 0 && m > expected; m -= expected) {
      data.set(m, (data.get(m) ?? 0) + count)
    }
  }
  return data
}

test('latencies that wrk added to correct coordinated omission are taken out again, exactly', () => {
  const measured = new Map([
    [90, 500],
    [110, 480],
    [250, 7],
    [350, 2],
    [1010, 1],
    [5333, 1],
  ])
  const responses = [...measured.values()].reduce((sum, count) => sum + count, 0)
  const connections = 10
  const interval = 120
  const micros = interval * Math.floor(responses / connections) + 5
  const printed = [...corrected(measured, interval)].sort(([a], [b]) => a - b)
  expect(printed.length).toBeGreaterThan(measured.size)
  expect(measuredOnly(printed, { micros, responses, connections })).toEqual([...measured])
})
