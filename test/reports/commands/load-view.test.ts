import { expect, test } from 'vitest'
import { type LoadState, loadLine, loadLines } from '../../../reports/commands/load-view.ts'
import { liveScreen } from '../../../src/cli/progress-live.ts'
import { emulatedTerminal } from '../../support/terminal/emulated-terminal.ts'

const look = { width: undefined, colour: true, unicode: true }
const plain = { ...look, colour: false }

/** A second at 100 visits/s, of a load that grew over the last minute. */
const second = (i: number) => ({
  ...{ model: 'open' as const, planned: 100, sent: 99.8, responses: 5 * (i + 1) },
  ...{ p50: 0.012, p95: 0.033, p99: i === 45 ? 0.14 : 0.048 },
})
const state: LoadState = {
  title: 'lb load  shop',
  elapsed: 120,
  left: 300,
  stage: { name: 'hold', number: 2, of: 3, left: 240 },
  seconds: Array.from({ length: 60 }, (_, i) => second(i)),
  requests: 22_401,
  failures: { 'status 500': 12, 'timed out': 3 },
  checks: [
    { name: 'list', passed: 9_000, failed: 0 },
    { name: 'cart', passed: 1_200, failed: 15 },
  ],
  thresholds: [
    { text: 'p99 < 100ms @ hold', state: 'pass', detail: 'p99 48.0 ms' },
    { text: 'errors < 0.01%', state: 'fail', detail: '0.1 %' },
    { text: 'checks > 99%', state: 'pending', detail: '' },
  ],
  limits: '',
  isStopping: false,
}

test.for([
  [80, 24],
  [140, 50],
  [60, 24],
] as const)('%i×%i: stage, rate, latency, a minute, failures, checks, thresholds', async (size) => {
  const [columns, rows] = size
  const terminal = emulatedTerminal(columns, rows)
  using progress = liveScreen(terminal, 2 ** 30)
  progress.show({ lines: (width) => loadLines(state, width, look), line: () => loadLine(state) })
  const lines = await terminal.screen()
  expect(lines.length).toBeLessThan(rows)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns)
  expect(lines[0]).toMatch(/^ lb load {2}shop +2:00, about 5:00 left$/)
  expect(lines[1]).toMatch(/^ ━+─+ {2}28 %$/)
  expect(lines[2]).toBe(' stage 2 of 3, hold, 4:00 left in it')
  const row = (name: string) => lines.find((line) => line.startsWith(` ${name.padEnd(11)}`)) ?? ''
  expect(row('load')).toBe(' load       99.8 of 100 visits/s  300 responses/s')
  expect(row('latency')).toBe(' latency    p50 12.0 ms  p95 33.0 ms  p99 48.0 ms')
  expect(row('responses')).toMatch(/ [▁-█]*▇█+ {2}0–300\/s$/)
  expect(row('p99')).toMatch(/ ▃+█▃+ {2}0–140 ms$/)
  expect(row('failures')).toMatch(/ 0\.1 % of 22,401 requests failed: status/)
  expect(row('checks')).toMatch(/^ checks {5}10,200 of 10,215 passed; 15 failed: cart$/)
  expect(row('thresholds')).toMatch(/^ thresholds ✗ {2}errors < 0\.01% +0\.1 %$/)
  expect(lines.some((line) => /✓ {2}p99 < 100ms @ hold/.test(line))).toBe(true)
  expect(row('limits')).toContain('none: the load follows its plan')
  expect(lines.at(-1)).toBe(' Ctrl-C: stop, and report what was measured')
})

test('many thresholds and kinds of failure fit 24 lines, the failed ones first', () => {
  const thresholds = Array.from({ length: 20 }, (_, i) => ({
    ...({
      text: `p99 of step ${i} < 10ms`,
      detail: '',
      state: i === 19 ? 'fail' : 'pass',
    } as const),
  }))
  const failures = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`kind ${i}`, i + 1]))
  const lines = loadLines({ ...state, thresholds, failures }, 80, plain)
  expect(lines.length).toBeLessThanOrEqual(22)
  expect(lines.join('\n')).toMatch(/✗ {2}p99 of step 19[\s\S]*and 14 more/)
})

test('before the first second, of the closed model, and behind its plan', () => {
  const none = { ...state, seconds: [], stage: undefined, requests: 0, failures: {} }
  const lines = loadLines(none, 80, plain)
  expect(lines).toContain(' no response yet')
  expect(lines).toContain(' starting')
  expect(loadLine(none)).toBe(
    '2:00 starting, about 5:00 left in all; 0 of 0 requests failed; ! failing: errors < 0.01%',
  )
  const stage = { name: 'hold', number: 1, of: 1, left: 1 }
  const users = { ...second(1), model: 'closed' as const, planned: 50, sent: 49 }
  expect(loadLines({ ...state, stage, seconds: [users] }, 80, plain)).toContain(
    ' load       49 of 50 users  10.0 responses/s',
  )
  const limits = '80 % of the planned visits were begun in the last 5 s'
  expect(loadLines({ ...state, limits }, 80, plain)).toContain(` limits     ${limits}`)
})

test('in a log it is one line', () => {
  expect(loadLine(state)).toBe(
    '2:00 stage 2 of 3, hold, 4:00 left in it, about 5:00 left in all; 99.8 of 100 visits/s  300 responses/s; p50 12.0 ms  p99 48.0 ms; 0.1 % of 22,401 requests failed: status 500 12, timed out 3; ! failing: errors < 0.01%',
  )
})

test('without UTF-8 it is ASCII', () => {
  const ascii = loadLines(state, 80, { ...plain, unicode: false }).join('\n')
  expect(ascii).toMatch(/^[\n -~]*$/)
})
