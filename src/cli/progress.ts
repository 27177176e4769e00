import { printable } from '../kit/printable.ts'
import { liveScreen } from './progress-live.ts'
import type { Progress, ProgressStream, ProgressView } from './progress-view.ts'

/** How progress is shown: in place on a terminal, as a line now and then, or not at all. */
export type ProgressMode = 'live' | 'plain' | 'none'

/** Milliseconds between two drawings of a live view, and between two lines of a plain one. */
export const progressPeriods = { live: 1000, plain: 10_000 } as const

/**
 * The mode without `--progress`: live on a terminal that can move its cursor; elsewhere plain, and nothing beside
 * `--json`, whose reader is a program.
 */
export function defaultMode(
  stream: Pick<ProgressStream, 'isTTY'>,
  { json, term }: { readonly json: boolean; readonly term: string | undefined },
): ProgressMode {
  if (stream.isTTY && term !== 'dumb') return 'live'
  return json ? 'none' : 'plain'
}

/** Progress on `stream`. Its timer keeps no process alive. */
export function progressOn(stream: ProgressStream, mode: ProgressMode): Progress {
  if (mode === 'live') return liveScreen(stream, progressPeriods.live)
  let view: ProgressView | undefined
  const write = () => {
    if (view !== undefined) stream.write(`lb: ${printable(view.line())}\n`)
  }
  const timer = mode === 'plain' ? setInterval(write, progressPeriods.plain).unref() : undefined
  const clear = () => {
    view = undefined
  }
  return {
    show(shown) {
      view = shown
    },
    update() {},
    log(text) {
      stream.write(`${printable(text)}\n`)
    },
    clear,
    [Symbol.dispose]() {
      clear()
      clearInterval(timer)
    },
  }
}
