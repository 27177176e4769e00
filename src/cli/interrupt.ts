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
 * Milliseconds within which further signals belong to the first: a terminal and `timeout` signal the whole process group,
 * and npx passes the signal on to its child in addition.
 */
const oneInterruptionMs = 500

/** How an interruption ends the process, and its clock in milliseconds. */
interface InterruptionOptions {
  readonly exit?: (code: number) => void
  readonly now?: () => number
}

/**
 * Handles signals until it is disposed: the first aborts, so that the work can shut down; one that arrives half a second
 * later or after that exits at once, which the child processes notice and exit too.
 */
export function interruption({
  exit = process.exit,
  now = () => performance.now(),
}: InterruptionOptions = {}): Interruption {
  const controller = new AbortController()
  let abortedMs = 0
  const interrupt = (by: string): void => {
    if (controller.signal.aborted) return
    abortedMs = now()
    controller.abort(new InterruptedError(`interrupted by ${by}`, ''))
  }
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) interrupt(name)
    else if (now() - abortedMs >= oneInterruptionMs) exit(exitCodes.interrupted)
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
