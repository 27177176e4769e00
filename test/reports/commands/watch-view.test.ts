import { expect, test } from 'vitest'
import { watchLine, watchLines, watchReport } from '../../../reports/commands/watch-view.ts'
import type { RenderOptions } from '../../../src/kit/render-options.ts'
import type { WatchState } from '../../../src/watch/watch-state.ts'
import { noon, watchedBalancer } from '../../support/results/watched-balancer.ts'

const plain: RenderOptions = { width: 80, colour: false, unicode: true }
const two = (await watchedBalancer()).state()
const twelve = (await watchedBalancer({ count: 3, workers: 12 })).state()

const draw = (state: WatchState, columns: number, rows: number, options = plain) =>
  watchLines(state, { columns, rows }, { ...options, hint: 'q: quit' })

test('80×24 has all six panels side by side', () => {
  const lines = draw(two, 80, 24)
  expect(lines.map((line) => line.trimEnd())).toMatchInlineSnapshot(`
    [
      " lb watch  http://127.0.0.1:18701                                      12:00:12",
      "",
      " Requests by status  0–900/s             Latency  0–4.75 ms",
      " 2xx               ▁▁▂▂▃▄▅▆▇██   900/s   p50              ▂▂▂▂▂▂▂▂▂▂▂   917 µs",
      " 5xx               ▁▁▁▁▁▁▁▁▁▁▁  1.00/s   p95              ▇▇▇▇▇▇▇▇▇▇▇  3.75 ms",
      "                                         p99              ███████████  4.75 ms",
      "",
      "",
      "",
      " Errors, retries, ejections  0–1.96 %    CPU, event loop, garbage collection",
      " 5xx              █▅▃▃▂▂▁▁▁▁▁  0.111 %   CPU, worker 0    ▇▇▇▇▇▇▇▇▇▇▇   40.0 %",
      " retries          ███████████   2.00/s   CPU, worker 1    ███████████   50.0 %",
      "                                         GC, worker 0     ▁▁▁▁▁▁▁▁▁▁▁   1.00 %",
      "                                         GC, worker 1     ▁▁▁▁▁▁▁▁▁▁▁   1.00 %",
      "                                         delay, worker 0  ███████████  10.0 ms",
      "",
      " Memory  0–100 MiB                       Connections and requests in flight",
      " resident            ███████   100 MiB   client connections    ████████████  6",
      " heap, worker 0      ▁▁▁▁▁▁▁   977 KiB",
      " heap, worker 1      ▁▁▁▁▁▁▁   977 KiB",
      " external, worker 0  ▁▁▁▁▁▁▁  1.91 MiB",
      " external, worker 1  ▁▁▁▁▁▁▁  1.91 MiB",
      "",
      " q: quit",
    ]
  `)
})

test.for([
  [80, 24],
  [40, 24],
  [200, 60],
  [20, 10],
  [76, 13],
] as const)('%i×%i: no line is too long, and there are no more than rows', ([columns, rows]) => {
  const state = twelve
  const lines = draw(state, columns, rows)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
  expect(lines.length).toBeLessThanOrEqual(Math.max(rows, 15))
  for (const { title } of state.panels) {
    expect(lines.join('\n')).toContain(title.slice(0, 17))
  }
})

test('of many workers the busiest is shown, and each figure', () => {
  const text = draw(twelve, 80, 24).join('\n')
  for (const name of [
    'CPU, worker 11',
    'GC, worker',
    'delay, worker',
    'heap, worker',
    'resident',
  ]) {
    expect(text).toContain(name)
  }
  const high = draw(twelve, 80, 140).join('\n')
  for (let i = 0; i < 12; i++) expect(high).toContain(`delay, worker ${i} `)
})

test('ASCII and colours change no width', () => {
  const state = two
  const drawn = draw(state, 80, 24)
  const ascii = draw(state, 80, 24, { ...plain, unicode: false })
  expect(ascii.join('')).toMatch(/^[ -~]*$/)
  expect(ascii.map((line) => line.length)).toEqual(drawn.map((line) => line.length))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
  const colours = /\u001b\[\d+m/g
  const painted = draw(state, 80, 24, { ...plain, colour: true })
  expect(painted.map((line) => line.replace(colours, ''))).toEqual(drawn)
  expect(painted.join('')).toMatch(colours)
})

test('a balancer that is gone is one line that says since when; a restart another', () => {
  const state = two
  const silent = { since: noon + 65, reason: 'connection refused' }
  const gone = draw({ ...state, silent }, 80, 24)
  expect(gone[1]).toBe(' no answer since 12:01:05: connection refused; trying again')
  expect(gone.filter((line) => line.includes('no answer'))).toHaveLength(1)
  expect(draw({ ...state, restarted: noon + 5 }, 80, 24)[1]).toBe(' restarted at 12:00:05')
  expect(draw(state, 80, 24)[1]).toBe('')
})

test('a line for a log: workers together, rare events where there are any', () => {
  expect(watchLine(two)).toMatchInlineSnapshot(
    `"12:00:12  requests 901/s  p50 917 µs  p95 3.75 ms  p99 4.75 ms  5xx 0.111 %  retries 2.00/s  CPU 90.0 %  GC 2.00 %  delay 10.0 ms  resident 100 MiB  heap 1.91 MiB  external 3.81 MiB  client connections 6  in flight 0  idle to backends 0"`,
  )
})

test('the report of one time', () => {
  expect(watchReport(two, plain)).toMatchInlineSnapshot(`
    "Requests by status
      1xx                 0/s
      2xx                 900/s
      3xx                 0/s
      4xx                 0/s
      5xx                 1.00/s

    Latency
      p50                 917 µs
      p95                 3.75 ms
      p99                 4.75 ms

    Errors, retries, ejections
      5xx                 0.111 %
      retries             2.00/s
      ejections           0/s
      refused             0/s
      cut                 0/s

    CPU, event loop, garbage collection
      CPU, worker 0       40.0 %
      CPU, worker 1       50.0 %
      GC, worker 0        1.00 %
      GC, worker 1        1.00 %
      delay, worker 0     10.0 ms
      delay, worker 1     10.0 ms

    Memory
      resident            100 MiB
      heap, worker 0      977 KiB
      heap, worker 1      977 KiB
      external, worker 0  1.91 MiB
      external, worker 1  1.91 MiB

    Connections and requests in flight
      client connections  6
      in flight           0
      idle to backends    0
    "
  `)
})
