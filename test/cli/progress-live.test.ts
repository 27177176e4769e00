import { expect, test } from 'vitest'
import { liveScreen } from '../../src/cli/progress-live.ts'
import type { ProgressView } from '../../src/cli/progress-view.ts'
import { emulatedTerminal } from '../support/terminal/emulated-terminal.ts'

/** No timer fires in the time of a test. */
const never = 2 ** 30

const viewOf = (lines: (columns: number) => string[]): ProgressView => ({
  lines,
  line: () => '',
})

/** Lines that fill the terminal, numbered from 1. */
const full = (count: number) =>
  viewOf((columns) => Array.from({ length: count }, (_, i) => `${i + 1}`.padEnd(columns, 'x')))

test.for([
  [80, 24],
  [140, 50],
  [20, 5],
] as const)('%i×%i: the view stands once, below what was there', async ([columns, rows]) => {
  const terminal = emulatedTerminal(columns, rows)
  terminal.write('$ lb bench\n')
  using progress = liveScreen(terminal, never)
  let count = 0
  progress.show(viewOf(() => [`trial ${++count}`, 'second line']))
  for (let i = 0; i < 5; i++) progress.update()
  expect(await terminal.screen()).toEqual(['$ lb bench', 'trial 6', 'second line'])
})

test('a frame is one write that clears nothing before it draws', () => {
  const terminal = emulatedTerminal(80, 24)
  using progress = liveScreen(terminal, never)
  progress.show(full(3))
  progress.update()
  expect(terminal.written).toHaveLength(2)
  const [, frame = ''] = terminal.written
  // Below the last line only, when all lines are drawn.
  expect(frame.indexOf('\u001b[J')).toBeGreaterThan(frame.lastIndexOf('x'))
  expect(frame).not.toContain('\u001b[2J')
})

test('lines that a view has no more leave nothing behind', async () => {
  const terminal = emulatedTerminal(80, 24)
  using progress = liveScreen(terminal, never)
  progress.show(full(6))
  progress.show(viewOf(() => ['only this']))
  expect(await terminal.screen()).toEqual(['only this'])
})

test('at the bottom of the window the view scrolls what is above it, and leaves no copy', async () => {
  const terminal = emulatedTerminal(40, 10)
  for (let i = 0; i < 9; i++) terminal.write(`above ${i}\n`)
  using progress = liveScreen(terminal, never)
  let count = 0
  progress.show(viewOf(() => [`trial ${++count}`, 'second', 'third']))
  for (let i = 0; i < 4; i++) progress.update()
  const lines = await terminal.screen()
  expect(lines.slice(-3)).toEqual(['trial 5', 'second', 'third'])
  expect(lines.filter((line) => line.startsWith('trial'))).toHaveLength(1)
  expect(lines).toContain('above 0')
})

test.for([
  ['narrower', 40, 24],
  ['much narrower', 21, 24],
  ['wider', 140, 24],
  ['lower', 80, 12],
  ['higher', 80, 50],
] as const)('a window made %s shows the view once, as wide as it is', async ([, columns, rows]) => {
  const terminal = emulatedTerminal(80, 24)
  terminal.write('$ lb bench\n')
  using progress = liveScreen(terminal, never)
  progress.show(full(4))
  terminal.resize(columns, rows)
  const lines = await terminal.screen()
  expect(lines).toEqual(['$ lb bench', ...[1, 2, 3, 4].map((i) => `${i}`.padEnd(columns - 1, 'x'))])
  terminal.resize(80, 24)
  expect((await terminal.screen()).at(-1)).toBe('4'.padEnd(79, 'x'))
  expect((await terminal.screen()).filter((line) => /^\dx/.test(line))).toHaveLength(4)
})

test('a view that is higher than the window shows its first lines', async () => {
  const terminal = emulatedTerminal(30, 6)
  using progress = liveScreen(terminal, never)
  progress.show(full(20))
  progress.update()
  progress.update()
  expect((await terminal.screen()).map((line) => line.slice(0, 2))).toEqual([
    '1x',
    '2x',
    '3x',
    '4x',
  ])
})

test('a logged line stays above the view', async () => {
  const terminal = emulatedTerminal(80, 24)
  using progress = liveScreen(terminal, never)
  progress.show(viewOf(() => ['view']))
  progress.log('12 blocks are needed')
  progress.update()
  expect(await terminal.screen()).toEqual(['12 blocks are needed', 'view'])
})

test('a cleared view leaves an empty line at most, and what follows stands where it was', async () => {
  const terminal = emulatedTerminal(80, 24)
  terminal.write('$ lb bench\n')
  const progress = liveScreen(terminal, never)
  progress.show(full(5))
  progress.clear()
  terminal.write('the answer\n')
  progress[Symbol.dispose]()
  expect(await terminal.screen()).toEqual(['$ lb bench', 'the answer'])
})

test('colours of a line that is too long are closed', async () => {
  const terminal = emulatedTerminal(10, 5)
  using progress = liveScreen(terminal, never)
  progress.show(viewOf(() => ['\u001b[33m123456789012345\u001b[39m']))
  expect(await terminal.screen()).toEqual(['123456789'])
  expect(terminal.written.join('')).toContain('123456789\u001b[39m')
})
