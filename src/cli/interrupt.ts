import { LbError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'

/** The reader, or the system, asked `lb` to stop. */
class InterruptedError extends LbError {
  readonly code = 'LB_INTERRUPTED'
  override readonly exitCode = exitCodes.interrupted
}

/** While it stands, signals abort instead of killing. */
export interface Interruption extends Disposable {
  /** Aborts, with an `InterruptedError` as its reason, at the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Listens for signals until it is disposed: the first aborts, so that the work can end in order; the
 * second leaves at once, and the processes that were started notice and leave too.
 */
export function interruption(leave: (code: number) => void = process.exit): Interruption {
  const controller = new AbortController()
  const heard = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) leave(exitCodes.interrupted)
    else controller.abort(new InterruptedError(`interrupted by ${name}`, ''))
  }
  for (const name of signals) process.on(name, heard)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, heard)
    },
  }
}
