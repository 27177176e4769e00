import { expect, test } from 'vitest'
import { progressOn } from '../../src/cli/progress.ts'

function stream(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 20, written, write: (text: string) => written.push(text) }
}

test('overwrites the line in place, and erases it at the end', () => {
  const terminal = stream(true)
  {
    using progress = progressOn(terminal)
    progress.show('one')
    progress.show('two')
  }
  expect(terminal.written).toEqual(['\r\u001b[Kone', '\r\u001b[Ktwo', '\r\u001b[K'])
})

test('truncates the text to one line', () => {
  const terminal = stream(true)
  progressOn(terminal).show('x'.repeat(100))
  expect(terminal.written.join('')).toHaveLength('\r\u001b[K'.length + 19)
})

test('writes no progress without a terminal', () => {
  const pipe = stream(false)
  using progress = progressOn(pipe)
  progress.show('one')
  progress.clear()
  expect(pipe.written).toEqual([])
})

test('a logged line is written with and without a terminal, and replaces the progress line', () => {
  const terminal = stream(true)
  const pipe = stream(false)
  for (const where of [terminal, pipe]) {
    const progress = progressOn(where)
    progress.show('one')
    progress.log('12 blocks are needed')
  }
  expect(terminal.written.at(-1)).toBe('12 blocks are needed\n')
  expect(terminal.written.at(-2)).toBe('\r\u001b[K')
  expect(pipe.written).toEqual(['12 blocks are needed\n'])
})

test('shows no control characters of a name', () => {
  const terminal = stream(false)
  using progress = progressOn(terminal)
  progress.log('a\u001b[2Jb')
  expect(terminal.written).toEqual(['a\\x1b[2Jb\n'])
})
