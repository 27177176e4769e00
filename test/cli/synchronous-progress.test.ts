import { expect, test } from 'vitest'
import type { ProgressMode } from '../../src/cli/progress.ts'
import { synchronousProgress } from '../../src/cli/synchronous-progress.ts'

/** All that is written while ten lines are told, one every so many milliseconds. */
function written(mode: ProgressMode, everyMs: number): string {
  let text = ''
  let now = 0
  const stream = {
    columns: 20,
    write(part: string) {
      text += part
    },
  }
  {
    using progress = synchronousProgress(stream, mode, () => now)
    for (let i = 1; i <= 10; i++) {
      now += everyMs
      progress.tell(`${i} of 10, a rather long line`)
    }
  }
  return text
}

test('a terminal has one line, which is cut, and erased at the end', () => {
  const text = written('live', 600)
  expect(text.startsWith('\r\u001b[2K2 of 10, a rathe')).toBe(true)
  expect(text.endsWith('\r\u001b[2K')).toBe(true)
  expect(text.split('\r').every((line) => line.length <= 23)).toBe(true)
  expect(text).not.toContain('\n')
  expect(written('live', 90)).toBe('')
})

test('a log has a line every ten seconds', () => {
  expect(written('plain', 4000)).toBe(
    [3, 6, 9].map((i) => `lb: ${i} of 10, a rather long line\n`).join(''),
  )
})

test('none is none', () => {
  expect(written('none', 60_000)).toBe('')
})
