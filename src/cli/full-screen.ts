import { clipped } from './visible-text.ts'

/** Control sequences of xterm: the other screen, the cursor, and frames that appear at once (mode 2026). */
const [enterScreen, leaveScreen] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l']
const [begin, end, home] = ['\u001b[?2026h', '\u001b[?2026l', '\u001b[H']
const [clearLine, clearBelow] = ['\u001b[K', '\u001b[J']

/** Keys that quit: q, Ctrl-C and Escape; and Ctrl-Z, which suspends. */
const [quitKeys, suspendKey] = [['q', 'Q', '\u0003', '\u001b'], '\u001a']

/** The screen of a terminal. */
interface ScreenOutput {
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
  on(event: 'resize', listener: () => void): unknown
  off(event: 'resize', listener: () => void): unknown
}

/** The keys of a terminal; without `isTTY` none are read. */
interface KeyInput {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
  on(event: 'data', listener: (keys: Buffer) => void): unknown
  off(event: 'data', listener: (keys: Buffer) => void): unknown
  resume(): unknown
  pause(): unknown
}

interface FullScreenOptions {
  readonly output: ScreenOutput
  readonly input: KeyInput
  /** The lines of a screen of this size; those that do not fit are cut. */
  lines(columns: number, rows: number): readonly string[]
  /** A key that quits was pressed. */
  quit(): void
  /** Stops the processes of this terminal until they are continued, as Ctrl-Z does. */
  suspend?(): void
}

/** A view that fills the terminal until it is disposed; what was on the screen before comes back then. */
interface FullScreen extends Disposable {
  /** Draws the view again, since something has changed. */
  update(): void
}

/** Fills the screen of a terminal with a view. Each frame is one write that overwrites the one before, so that nothing flickers. */
export function fullScreen({
  output,
  input,
  lines,
  quit,
  suspend = () => process.kill(0, 'SIGTSTP'),
}: FullScreenOptions): FullScreen {
  let isShown = false
  const update = (): void => {
    if (!isShown) return
    const { columns = 80, rows = 24 } = output
    const text = lines(columns, rows)
      .slice(0, rows)
      .map((line) => `${clipped(line, columns)}${clearLine}`)
      .join('\r\n')
    output.write(`${begin}${home}${text}${clearBelow}${end}`)
  }
  const onKeys = (keys: Buffer): void => {
    const text = keys.toString('latin1')
    if (text === suspendKey) {
      leave()
      process.once('SIGCONT', enter)
      suspend()
    } else if (quitKeys.includes(text)) quit()
  }
  const enter = (): void => {
    if (isShown) return
    isShown = true
    output.write(enterScreen)
    if (input.isTTY) {
      input.setRawMode?.(true)
      input.on('data', onKeys)
      input.resume()
    }
    update()
  }
  const leave = (): void => {
    if (!isShown) return
    isShown = false
    if (input.isTTY) {
      input.off('data', onKeys)
      input.setRawMode?.(false)
      input.pause()
    }
    output.write(leaveScreen)
  }
  output.on('resize', update)
  // However the process ends.
  process.on('exit', leave)
  enter()
  return {
    update,
    [Symbol.dispose]() {
      leave()
      output.off('resize', update)
      process.off('exit', leave)
      process.off('SIGCONT', enter)
    },
  }
}
