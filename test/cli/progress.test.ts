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
