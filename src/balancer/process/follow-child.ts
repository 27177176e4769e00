import type { ChildProcess } from 'node:child_process'

/** How a process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The outcomes of a child: one of them is called, once. */
interface ChildOutcomes {
  /** It could not be started. */
  notStarted(error: Error): void
  /** It ended, and all of its messages were received. */
  ended(exit: Exit): void
}

/**
 * Follows a child with an IPC channel until it has ended. Its `error` event stands for two things: without a process id, it could not be
 * started; otherwise a message or a signal did not reach it, since it is just ending, which `exit` reports.
 */
export function followChild(child: ChildProcess, { notStarted, ended }: ChildOutcomes): void {
  // Messages may still come after its exit, until the channel closes.
  const disconnected = new Promise((resolve) => child.once('disconnect', resolve))
  child.once('exit', (code, signal) => void disconnected.then(() => ended({ code, signal })))
  child.on('error', (error) => {
    if (child.pid === undefined) notStarted(error)
  })
}
