import { expect, test } from 'vitest'
import {
  type RunState,
  runLine,
  runLines,
  type TrialFigures,
} from '../../../reports/commands/run-view.ts'
import { liveScreen } from '../../../src/cli/progress-live.ts'
import { emulatedTerminal } from '../../support/terminal/emulated-terminal.ts'

const look = { width: undefined, colour: true, unicode: true }
const trial = (arm: string, rate: number, changes: Partial<TrialFigures> = {}): TrialFigures => ({
  ...{ arm, rate, phase: 'capacity', isValid: true, p50: 0.0064, p99: 0.029, failed: 0 },
  ...changes,
})
const state: RunState = {
  title: 'lb bench  default',
  elapsed: 42,
  left: 43,
  done: 12,
  of: 24,
  current: 'capacity  weighted ×1, trial 2 of 6',
  arms: ['round-robin ×1', 'least-connections ×1', 'weighted ×1', 'direct'],
  figures: [
    trial('round-robin ×1', 4_780),
    trial('least-connections ×1', 5_790),
    trial('weighted ×1', 9_999, { isValid: false }),
    trial('round-robin ×1', 4_800),
  ],
  troubles: ['machine busy: 1 of 4 trials discarded'],
  isStopping: false,
}

test.for([
  [80, 24],
  [140, 50],
  [60, 24],
] as const)(
  '%i×%i: progress, time, current trial, estimates, trouble, Ctrl-C',
  async ([columns, rows]) => {
    const terminal = emulatedTerminal(columns, rows)
    using progress = liveScreen(terminal, 2 ** 30)
    progress.show({ lines: (width) => runLines(state, width, look), line: () => runLine(state) })
    const lines = await terminal.screen()
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns)
    expect(lines[0]).toMatch(/^ lb bench {2}default +0:42, about 0:43 left$/)
    expect(lines[1]).toMatch(/^ ━+─+ {2}12\/24 trials$/)
    expect(lines[2]).toBe(' capacity  weighted ×1, trial 2 of 6')
    expect(lines[3]).toMatch(
      /^ last: round-robin ×1 {2}4,800 req\/s {2}p50 6\.40 ms {2}p99 29\.0 m/,
    )
    const estimates = lines.filter((line) => /█/.test(line))
    expect(estimates.map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
      'least-connections ×1',
      'round-robin ×1',
    ])
    expect(estimates[1]).toMatch(/4,790 .*4,780 4,800$/)
    expect(lines.at(-2)).toBe(' ! machine busy: 1 of 4 trials discarded')
    expect(lines.at(-1)).toBe(' Ctrl-C: stop, and report what was measured')
    progress.clear()
    expect(await terminal.screen()).toEqual([])
  },
)

test('a discarded trial enters no estimate', () => {
  expect(runLines(state, 80, { ...look, colour: false }).join('\n')).not.toContain('9,999')
})

test('the rate inside the window stands beside the trial that runs', () => {
  const [, , current] = runLines({ ...state, rate: 5210 }, 80, { ...look, colour: false })
  expect(current).toBe(' capacity  weighted ×1, trial 2 of 6  5,210 req/s now')
})

test('once interrupted it says what a second Ctrl-C does', () => {
  const lines = runLines({ ...state, isStopping: true }, 80, { ...look, colour: false })
  expect(lines.at(-1)).toContain('Ctrl-C again: stop at once')
})

test('in a log it is one line: time, trials, the last figures, the first trouble', () => {
  expect(runLine(state)).toBe(
    '0:42 12/24 trials, about 0:43 left; capacity  weighted ×1, trial 2 of 6; last: round-robin ×1 4,800 req/s  p50 6.40 ms  p99 29.0 ms  0 failed; ! machine busy: 1 of 4 trials discarded',
  )
  expect(runLine({ ...state, figures: [], troubles: [], of: undefined, left: undefined })).toBe(
    '0:42 12 trials; capacity  weighted ×1, trial 2 of 6',
  )
})
