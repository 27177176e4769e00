import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { fullScreen } from '../../src/cli/full-screen.ts'
import { emulatedTerminal } from '../support/terminal/emulated-terminal.ts'

/** The keyboard of a terminal, and the modes that it was put in. */
function keyboard() {
  const raw: boolean[] = []
  const input = Object.assign(new EventEmitter(), {
    ...{ isTTY: true, raw, resume() {}, pause() {} },
    setRawMode: (on: boolean) => raw.push(on),
    press: (keys: string) => input.emit('data', Buffer.from(keys)),
  })
  return input
}

/** A view that fills 30×6 with numbered lines. */
function open() {
  const output = emulatedTerminal(30, 6)
  output.write('$ lb watch\n')
  const input = keyboard()
  const happened: string[] = []
  const view = fullScreen({
    ...{ output, input },
    lines: (columns, rows) =>
      Array.from({ length: rows + 3 }, (_, i) => `${i}`.padEnd(columns + 5, 'x')),
    quit: () => happened.push('quit'),
    suspend: () => happened.push('suspended'),
  })
  return { output, input, happened, view }
}

const filled = (columns: number, rows: number) =>
  Array.from({ length: rows }, (_, i) => `${i}`.padEnd(columns, 'x'))

test('it fills the screen, in one write a frame, and gives it back as it was', async () => {
  const { output, input, view } = open()
  expect(await output.screen()).toEqual(filled(30, 6))
  const before = output.written.length
  view.update()
  expect(output.written).toHaveLength(before + 1)
  expect(output.written.at(-1)).not.toContain('\u001b[2J')
  view[Symbol.dispose]()
  expect(await output.screen()).toEqual(['$ lb watch'])
  expect(input.raw).toEqual([true, false])
  expect([input.listenerCount('data'), output.listenerCount('resize')]).toEqual([0, 0])
  // The cursor is seen again.
  expect(output.written.at(-1)).toContain('\u001b[?25h')
})

test('another size is filled at once', async () => {
  const { output, view } = open()
  for (const [columns, rows] of [
    [20, 4],
    [50, 10],
  ] as const) {
    output.resize(columns, rows)
    expect((await output.screen()).slice(-rows)).toEqual(filled(columns, rows))
  }
  view[Symbol.dispose]()
})

test.for(['q', 'Q', '\u0003', '\u001b'])('the key %j quits', (key) => {
  const { input, happened, view } = open()
  for (const other of ['x', '\u001b[A', ' ']) input.press(other)
  expect(happened).toEqual([])
  input.press(key)
  expect(happened).toEqual(['quit'])
  view[Symbol.dispose]()
})

test('Ctrl-Z gives the screen back, and fills it again once the process goes on', async () => {
  const { output, input, happened, view } = open()
  input.press('\u001a')
  expect(happened).toEqual(['suspended'])
  expect(await output.screen()).toEqual(['$ lb watch'])
  view.update()
  expect(await output.screen()).toEqual(['$ lb watch'])
  process.emit('SIGCONT')
  expect(await output.screen()).toEqual(filled(30, 6))
  view[Symbol.dispose]()
  expect(input.raw).toEqual([true, false, true, false])
})
