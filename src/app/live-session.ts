import { type Interruption, interruption } from '../cli/interrupt.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LiveFlags } from '../cli/live-flag.ts'
import { defaultMode, type ProgressMode, progressOn } from '../cli/progress.ts'
import type { Progress } from '../cli/progress-view.ts'
import { renderOptionsFor } from '../cli/terminal.ts'
import type { Engine } from '../engine/engine.ts'
import { openSession, type Session } from '../experiment/run/session.ts'
import type { RenderOptions } from '../kit/render-options.ts'
import { type LivePage, openLivePage } from './live-page.ts'
import { type RunningRate, runningRate } from './running-rate.ts'

/** A session on the terminal: Ctrl-C aborts it, and it shows its progress on standard error. */
export interface LiveSession extends Session {
  readonly progress: Progress
  readonly mode: ProgressMode
  /** What standard error can display. */
  readonly look: RenderOptions
  /** The rate of the trial that runs now, where progress is shown live. */
  readonly running: RunningRate | undefined
  /** The page of `--live`. */
  readonly page: LivePage | undefined
}

/**
 * Opens a session that handles signals and shows progress until it is disposed. `cellSeconds`: of the live page.
 *
 * @throws {UsageError} the live page cannot listen on its port
 */
export async function openLiveSession(
  flags: LiveFlags,
  { json }: Pick<Invocation, 'json'>,
  {
    cellSeconds = 0.1,
    engine,
  }: { readonly cellSeconds?: number; readonly engine?: Engine | undefined } = {},
): Promise<LiveSession> {
  const { env, stderr } = process
  const mode = flags.progress ?? defaultMode(stderr, { json, term: env.TERM })
  const look = renderOptionsFor(stderr, { env, noColour: flags['no-color'] ?? false })
  await using opened = new AsyncDisposableStack()
  const interrupted = opened.use(interruption())
  const { signal } = interrupted
  const page = opened.use(await livePage({ ...flags, cellSeconds }, interrupted))
  const progress = opened.use(progressOn(stderr, mode))
  const running = mode === 'live' ? runningRate(page?.observer) : undefined
  const observer = running?.observer ?? page?.observer
  const session = opened.use(await openSession({ signal, observer, engine }))
  const kept = opened.move()
  const dispose = () => kept.disposeAsync()
  return { ...session, progress, mode, look, page, running, [Symbol.asyncDispose]: dispose }
}

/** Opens the page of `--live`, and prints its address, also beside `--json`. */
async function livePage(
  { live: port, 'fail-on': rules = [], cellSeconds }: LiveFlags & { readonly cellSeconds: number },
  { interrupt }: Pick<Interruption, 'interrupt'>,
): Promise<LivePage | undefined> {
  if (port === undefined) return undefined
  const page = await openLivePage({
    ...{ port, rules, cellSeconds },
    stop: () => interrupt('the live page'),
    lost: (reason) =>
      process.stderr.write(`lb: warning: the run is not shown any more: ${reason}\n`),
  })
  process.stderr.write(`lb: live page: ${page.url}\n`)
  return page
}
