import { interruption } from '../cli/interrupt.ts'
import { type Progress, progressOn } from '../cli/progress.ts'
import { openSession, type Session } from '../experiment/run/session.ts'

/** A session on the terminal: Ctrl-C aborts it, and it shows its progress on standard error. */
export interface LiveSession extends Session {
  readonly progress: Progress
}

/** Opens a session that handles signals and shows progress until it is disposed. */
export async function openLiveSession(): Promise<LiveSession> {
  await using opened = new AsyncDisposableStack()
  const { signal } = opened.use(interruption())
  const progress = opened.use(progressOn(process.stderr))
  const session = opened.use(await openSession({ signal }))
  const kept = opened.move()
  return { ...session, progress, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
