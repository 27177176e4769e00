import type { Random } from '../../kit/random.ts'
import type { ActiveSettings } from '../config/health-settings.ts'
import type { Health } from './health.ts'
import type { Prober } from './probe.ts'
import { type Backend, readBackends } from './read-backends.ts'
import { afterCheck, type CheckState, presumedDown, presumedUp } from './rise-fall.ts'

/** The active health checks of all backends. */
export interface ActiveChecks extends AsyncDisposable {
  /** Starts checking backends that were added, and stops checking those that were removed. */
  sync(): void
  /** Why the latest check of the backend in `row` failed; undefined when it passed. */
  failureReason(row: number): string | undefined
}

/** Options of the active checks. */
export interface ActiveChecksOptions {
  readonly health: Health
  readonly settings: ActiveSettings
  readonly prober: Prober
  readonly random: Random
  /** Seconds of the shared clock. */
  readonly now: () => number
}

/** The checks of one backend. */
interface Checker {
  readonly backend: Backend
  state: CheckState
  failureReason: string | undefined
  /** The next check. */
  timer: NodeJS.Timeout | undefined
  /** Aborts the check in progress. */
  abort: AbortController
  stopped: boolean
}

/**
 * Checks every backend at the configured interval, and records which are up and which are down. For one
 * thread. The first checks are spread over one interval, so that checks do not come in bursts; a backend
 * that is added later is checked at once.
 */
export function activeChecks(options: ActiveChecksOptions): ActiveChecks {
  const { health, settings, prober, random, now } = options
  const checkers: (Checker | undefined)[] = []

  function setState(row: number, checker: Checker, state: CheckState): void {
    const { up } = checker.state
    checker.state = state
    if (state.up === up) return
    health.change(now(), (columns) => {
      columns.down[row] = state.up ? 0 : 1
      if (!state.up) return
      // It was down and is up again: failures from before no longer count.
      columns.ejected[row] = 0
      Atomics.store(columns.failures, row, 0)
    })
  }

  async function check(row: number, checker: Checker): Promise<void> {
    const started = now()
    checker.abort = new AbortController()
    const result = await prober.probe(checker.backend.record, checker.abort.signal)
    if (checker.stopped) return
    checker.failureReason = result.passed ? undefined : result.reason
    const says = result.passed || !result.ours
    if (says) setState(row, checker, afterCheck(checker.state, result.passed, settings))
    schedule(row, checker, started + settings.interval - now())
  }

  function schedule(row: number, checker: Checker, seconds: number): void {
    checker.timer = setTimeout(() => void check(row, checker), Math.max(0, seconds) * 1000)
  }

  function start(row: number, backend: Backend): Checker {
    const up = health.columns.down[row] === 0
    const checker: Checker = {
      backend,
      state: up ? presumedUp(settings) : presumedDown(settings),
      failureReason: up ? undefined : 'not checked yet',
      timer: undefined,
      abort: new AbortController(),
      stopped: false,
    }
    schedule(row, checker, up ? random() * settings.interval : 0)
    return checker
  }

  function sync(): void {
    for (const [row, backend] of readBackends(health.columns).backends.entries()) {
      const checker = checkers[row]
      if (checker?.backend.record === backend?.record) continue
      stop(checker)
      checkers[row] = backend === undefined ? undefined : start(row, backend)
    }
  }

  sync()
  return {
    sync,
    failureReason: (row) => checkers[row]?.failureReason,
    async [Symbol.asyncDispose]() {
      for (const checker of checkers) stop(checker)
      await prober.close()
    },
  }
}

function stop(checker: Checker | undefined): void {
  if (checker === undefined) return
  checker.stopped = true
  clearTimeout(checker.timer)
  checker.abort.abort()
}
