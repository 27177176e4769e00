/** One line that says what is going on; gone when it goes out of scope. */
export interface Progress extends Disposable {
  show(text: string): void
  /** Writes a line that stays, also where nobody looks. */
  say(text: string): void
  clear(): void
}

/** Where progress is shown: stderr. */
export interface ProgressScreen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const clearLine = '\r\u001b[K'

/** A line of progress on `screen`, written over itself; nothing at all where `screen` is no terminal. */
export function progressOn(screen: ProgressScreen): Progress {
  let shown = false
  const clear = () => {
    if (shown) screen.write(clearLine)
    shown = false
  }
  return {
    show(text) {
      if (!screen.isTTY) return
      shown = true
      screen.write(`${clearLine}${text.slice(0, (screen.columns ?? 80) - 1)}`)
    },
    say(text) {
      clear()
      screen.write(`${text}\n`)
    },
    clear,
    [Symbol.dispose]: clear,
  }
}
