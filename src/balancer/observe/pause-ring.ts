import { type Pause, type PauseKind, pauseKinds } from '../../kit/pause.ts'

/** Pauses of each thread that are kept: the last ones. */
const kept = 4096
/** Numbers of one pause: kind, begin, end. */
const fields = 3
/** Numbers of one thread: how many pauses it noted, then those that are kept. */
const columnLength = 1 + kept * fields

/** Notes the pauses of one thread, without allocating. Times are milliseconds of the host's clock. */
export type NotePause = (kind: PauseKind, fromMs: number, untilMs: number) => void

/** Memory for the pauses of so many threads. Sent to workers as it is. */
export function allocatePauses(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * columnLength * Float64Array.BYTES_PER_ELEMENT)
}

/** Notes the pauses of one thread in its column. */
export function pauseNotes(memory: SharedArrayBuffer, thread: number): NotePause {
  const column = columnOf(memory, thread)
  return (kind, fromMs, untilMs) => {
    const noted = column[0] as number
    const at = 1 + (noted % kept) * fields
    column[at] = pauseKinds.indexOf(kind)
    column[at + 1] = fromMs
    column[at + 2] = untilMs
    column[0] = noted + 1
  }
}

/** Notes ejections, whose times are seconds of the shared clock. */
export function ejectionNotes(note: NotePause): (from: number, until: number) => void {
  return (from, until) => note('ejection', from * 1e3, until * 1e3)
}

/** The pauses that are kept, of all threads. */
export function readPauses(memory: SharedArrayBuffer): Pause[] {
  const threads = memory.byteLength / columnLength / Float64Array.BYTES_PER_ELEMENT
  return Array.from({ length: threads }, (_, thread) => columnOf(memory, thread)).flatMap(
    (column) =>
      Array.from({ length: Math.min(kept, column[0] as number) }, (_, i): Pause => {
        const at = 1 + i * fields
        return {
          kind: pauseKinds[column[at] as number] as PauseKind,
          fromMs: column[at + 1] as number,
          untilMs: column[at + 2] as number,
        }
      }),
  )
}

function columnOf(memory: SharedArrayBuffer, thread: number): Float64Array {
  const bytes = columnLength * Float64Array.BYTES_PER_ELEMENT
  return new Float64Array(memory, thread * bytes, columnLength)
}
