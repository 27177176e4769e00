import { printable } from '../kit/printable.ts'
import type { Progress, ProgressStream, ProgressView } from './progress-view.ts'
import { clipped, visibleLength } from './visible-text.ts'

/** Control sequences: ECMA-48, and synchronized output (mode 2026), which terminals without it ignore. */
const [begin, end] = ['\u001b[?2026h', '\u001b[?2026l']
const [clearLine, clearBelow] = ['\u001b[K', '\u001b[J']

/**
 * A view that is drawn in place: each frame is one write that goes up to its first line and overwrites, so that nothing
 * flickers. The cursor rests on an empty line below the view: a terminal that is made narrower breaks long lines, but
 * not the one with the cursor.
 */
export function liveScreen(stream: ProgressStream, periodMs: number): Progress {
  let view: ProgressView | undefined
  let drawn: readonly string[] = []
  const columns = () => Math.max(1, stream.columns ?? 80)
  /** Goes up to the first line of the view: lines that were drawn wider have been broken. */
  const home = () => {
    const rows = drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(visibleLength(line) / columns())),
      0,
    )
    return `\r${rows > 0 ? `\u001b[${rows}A` : ''}`
  }
  const draw = () => {
    if (view === undefined) return
    const room = Math.max(1, (stream.rows ?? 24) - 2)
    const lines = view
      .lines(columns() - 1)
      .slice(0, room)
      .map((line) => clipped(line, columns() - 1))
    const text = lines.map((line) => `${line}${clearLine}\r\n`).join('')
    stream.write(`${begin}${home()}${text}${clearBelow}${end}`)
    drawn = lines
  }
  const erase = () => {
    if (drawn.length > 0) stream.write(`${home()}${clearBelow}`)
    drawn = []
  }
  const clear = () => {
    erase()
    view = undefined
  }
  const timer = setInterval(draw, periodMs).unref()
  stream.on?.('resize', draw)
  // A second Ctrl-C ends the process at once.
  process.on('exit', clear)
  return {
    show(shown) {
      view = shown
      draw()
    },
    update: draw,
    log(text) {
      erase()
      stream.write(`${printable(text)}\n`)
      draw()
    },
    clear,
    [Symbol.dispose]() {
      clear()
      clearInterval(timer)
      stream.off?.('resize', draw)
      process.off('exit', clear)
    },
  }
}
