import { interruption } from '../cli/interrupt.ts'
import type { Invocation } from '../cli/invocation.ts'
import { defaultMode, type ProgressMode, progressOn } from '../cli/progress.ts'
import type { ProgressFlags } from '../cli/progress-flag.ts'
import type { Progress } from '../cli/progress-view.ts'
import { renderOptionsFor } from '../cli/terminal.ts'
import { openSession, type Session } from '../experiment/run/session.ts'
import type { RenderOptions } from '../kit/render-options.ts'

/** A session on the terminal: Ctrl-C aborts it, and it shows its progress on standard error. */
export interface LiveSession extends Session {
  readonly progress: Progress
  readonly mode: ProgressMode
  /** What standard error can display. */
  readonly look: RenderOptions
}

/** Opens a session that handles signals and shows progress until it is disposed. */
export async function openLiveSession(
  flags: ProgressFlags,
  { json }: Pick<Invocation, 'json'>,
): Promise<LiveSession> {
  const { env, stderr } = process
  const mode = flags.progress ?? defaultMode(stderr, { json, term: env.TERM })
  const look = renderOptionsFor(stderr, { env, noColour: flags['no-color'] ?? false })
  await using opened = new AsyncDisposableStack()
  const { signal } = opened.use(interruption())
  const progress = opened.use(progressOn(stderr, mode))
  const session = opened.use(await openSession({ signal }))
  const kept = opened.move()
  return { ...session, progress, mode, look, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
