import { printable } from '../kit/printable.ts'
import { type ProgressMode, progressPeriods } from './progress.ts'
import type { ProgressStream } from './progress-view.ts'
import { clipped } from './visible-text.ts'

/** Progress of work during which no timer runs; erased when it is disposed. */
export interface SynchronousProgress extends Disposable {
  /** Shows one line, if it is time for one. */
  tell(line: string): void
}

/** Erases the line of the cursor, and goes to its beginning. */
const eraseLine = '\r\u001b[2K'

/** Progress on `stream`, in the periods of a view that timers draw. `now`: milliseconds. */
export function synchronousProgress(
  stream: ProgressStream,
  mode: ProgressMode,
  now: () => number = () => performance.now(),
): SynchronousProgress {
  let toldAt = now()
  let isDrawn = false
  return {
    tell(line) {
      if (mode === 'none' || now() - toldAt < progressPeriods[mode]) return
      toldAt = now()
      const text = printable(line)
      isDrawn = mode === 'live'
      if (isDrawn) stream.write(`${eraseLine}${clipped(text, (stream.columns ?? 80) - 1)}`)
      else stream.write(`lb: ${text}\n`)
    },
    [Symbol.dispose]() {
      if (isDrawn) stream.write(eraseLine)
      isDrawn = false
    },
  }
}
