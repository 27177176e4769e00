import { expect, test } from 'vitest'
import { progressOn } from '../../src/cli/progress.ts'

function screen(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 20, written, write: (text: string) => written.push(text) }
}

test('writes over itself, and leaves an empty line', () => {
  const terminal = screen(true)
  {
    using progress = progressOn(terminal)
    progress.show('one')
    progress.show('two')
  }
  expect(terminal.written).toEqual(['\r\u001b[Kone', '\r\u001b[Ktwo', '\r\u001b[K'])
})

test('never needs a second line', () => {
  const terminal = screen(true)
  progressOn(terminal).show('x'.repeat(100))
  expect(terminal.written.join('')).toHaveLength('\r\u001b[K'.length + 19)
})

test('writes nothing where nobody looks', () => {
  const pipe = screen(false)
  using progress = progressOn(pipe)
  progress.show('one')
  progress.clear()
  expect(pipe.written).toEqual([])
})

test('a line that stays is written everywhere, and never behind one that is going on', () => {
  const terminal = screen(true)
  const pipe = screen(false)
  for (const where of [terminal, pipe]) {
    const progress = progressOn(where)
    progress.show('one')
    progress.say('12 blocks are needed')
  }
  expect(terminal.written.at(-1)).toBe('12 blocks are needed\n')
  expect(terminal.written.at(-2)).toBe('\r\u001b[K')
  expect(pipe.written).toEqual(['12 blocks are needed\n'])
})
