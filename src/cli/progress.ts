import { printable } from '../kit/printable.ts'

/** A progress line on standard error; erased when it is disposed. */
export interface Progress extends Disposable {
  /** Replaces the progress line. */
  show(text: string): void
  /** Writes a line that stays, also without a terminal. */
  log(text: string): void
  /** Erases the progress line. */
  clear(): void
}

/** The stream that shows progress: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const clearLine = '\r\u001b[K'

/** A progress line on `stream`, overwritten in place; without a terminal only `log` writes. */
export function progressOn(stream: ProgressStream): Progress {
  let shown = false
  const clear = () => {
    if (shown) stream.write(clearLine)
    shown = false
  }
  return {
    show(text) {
      if (!stream.isTTY) return
      shown = true
      stream.write(`${clearLine}${printable(text).slice(0, (stream.columns ?? 80) - 1)}`)
    },
    log(text) {
      clear()
      stream.write(`${printable(text)}\n`)
    },
    clear,
    [Symbol.dispose]: clear,
  }
}
