import { EventEmitter } from 'node:events'
import xterm from '@xterm/headless'

/** A terminal emulator as a stream: what is written to it, as it stands on its screen. */
export interface EmulatedTerminal extends EventEmitter {
  readonly isTTY: true
  columns: number
  rows: number
  /** Everything that was written, with its control sequences. */
  readonly written: string[]
  write(text: string): void
  /** Changes the size of the window, as a user would. */
  resize(columns: number, rows: number): void
  /** The lines of the screen and of what has scrolled out of it, without blanks at their ends and without empty ones at the end. */
  screen(): Promise<string[]>
}

/** An xterm with a window of so many columns and rows. */
export function emulatedTerminal(columns: number, rows: number): EmulatedTerminal {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const written: string[] = []
  const stream = Object.assign(new EventEmitter(), {
    ...{ isTTY: true as const, columns, rows, written },
    write(text: string) {
      written.push(text)
      // The terminal driver of the kernel adds the carriage return.
      terminal.write(text.replaceAll(/\r?\n/g, '\r\n'))
    },
    resize(newColumns: number, newRows: number) {
      terminal.resize(newColumns, newRows)
      stream.columns = newColumns
      stream.rows = newRows
      stream.emit('resize')
    },
    async screen() {
      await new Promise<void>((resolve) => terminal.write('', resolve))
      const { active } = terminal.buffer
      const lines = Array.from(
        { length: active.length },
        (_, i) => active.getLine(i)?.translateToString(true) ?? '',
      )
      return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
    },
  })
  return stream
}
