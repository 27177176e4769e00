import { LbError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'

/** A signal interrupted `lb`. */
class InterruptedError extends LbError {
  readonly code = 'LB_INTERRUPTED'
  override readonly exitCode = exitCodes.interrupted
}

/** Signal handlers that abort instead of killing the process, until disposed. */
export interface Interruption extends Disposable {
  /** Aborts at the first SIGINT (Ctrl-C), SIGTERM or SIGHUP, with an `InterruptedError` as the reason. */
  readonly signal: AbortSignal
  /** Aborts as the first signal does, by something with this name; does nothing afterwards. */
  interrupt(by: string): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Handles signals until it is disposed: the first aborts, so that the work can shut down; the second exits at
 * once, which the child processes notice and exit too.
 */
export function interruption(exit: (code: number) => void = process.exit): Interruption {
  const controller = new AbortController()
  const interrupt = (by: string): void =>
    controller.abort(new InterruptedError(`interrupted by ${by}`, ''))
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) exit(exitCodes.interrupted)
    else interrupt(name)
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    interrupt,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, onSignal)
    },
  }
}
