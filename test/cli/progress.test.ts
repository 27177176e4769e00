import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defaultMode, progressOn, progressPeriods } from '../../src/cli/progress.ts'
import type { ProgressView } from '../../src/cli/progress-view.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function stream(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 20, rows: 10, written, write: (text: string) => written.push(text) }
}

const viewOf = (...lines: string[]): ProgressView => ({
  lines: () => lines,
  line: () => lines.join('; '),
})

test.for([
  [{ isTTY: true }, { json: false, term: 'xterm' }, 'live'],
  [{ isTTY: true }, { json: true, term: 'xterm' }, 'live'],
  [{ isTTY: true }, { json: false, term: 'dumb' }, 'plain'],
  [{ isTTY: false }, { json: false, term: 'xterm' }, 'plain'],
  [{}, { json: true, term: undefined }, 'none'],
] as const)('%j with %j is shown as %s', ([where, how, mode]) => {
  expect(defaultMode(where, how)).toBe(mode)
})

test('plain: a line every 10 s, as it is then, and none before', () => {
  const pipe = stream(false)
  using progress = progressOn(pipe, 'plain')
  progress.show(viewOf('one'))
  progress.update()
  vi.advanceTimersByTime(progressPeriods.plain - 1)
  expect(pipe.written).toEqual([])
  progress.show(viewOf('two', 'three'))
  vi.advanceTimersByTime(1)
  expect(pipe.written).toEqual(['lb: two; three\n'])
  vi.advanceTimersByTime(2 * progressPeriods.plain)
  expect(pipe.written).toHaveLength(3)
  progress.clear()
  vi.advanceTimersByTime(2 * progressPeriods.plain)
  expect(pipe.written).toHaveLength(3)
})

test.for(['plain', 'none'] as const)('%s: no control sequence is written', (mode) => {
  const pipe = stream(true)
  {
    using progress = progressOn(pipe, mode)
    progress.show(viewOf('a\u001b[2Jb'))
    progress.log('12 blocks are needed')
    vi.advanceTimersByTime(progressPeriods.plain)
  }
  expect(pipe.written.join('')).toBe(
    mode === 'none' ? '12 blocks are needed\n' : '12 blocks are needed\nlb: a\\x1b[2Jb\n',
  )
})

test('shows no control characters of a logged name', () => {
  const pipe = stream(false)
  using progress = progressOn(pipe, 'plain')
  progress.log('a\u001b[2Jb')
  expect(pipe.written).toEqual(['a\\x1b[2Jb\n'])
})

test('once it is disposed nothing is written any more', () => {
  for (const mode of ['live', 'plain'] as const) {
    const terminal = stream(true)
    const progress = progressOn(terminal, mode)
    progress.show(viewOf('one'))
    progress[Symbol.dispose]()
    const { length } = terminal.written
    vi.advanceTimersByTime(3 * progressPeriods.plain)
    progress.update()
    expect(terminal.written).toHaveLength(length)
  }
})
