import type { Random } from '../../kit/random.ts'
import type { ActiveSettings } from '../config/health-settings.ts'
import type { Health } from './health.ts'
import type { Prober } from './probe.ts'
import { type Backend, readBackends } from './read-backends.ts'
import { after, type Finding, presumedDown, presumedUp } from './rise-fall.ts'

/** Checks of all members, at work. */
export interface ActiveChecks extends AsyncDisposable {
  /** Starts checking who joined, and stops checking who left. */
  sync(): void
  /** Why the latest check of the backend in `row` failed; undefined where it passed. */
  why(row: number): string | undefined
}

/** What checks are made with. */
export interface ActiveChecksOptions {
  readonly health: Health
  readonly settings: ActiveSettings
  readonly prober: Prober
  readonly random: Random
  /** Seconds of the shared clock. */
  readonly now: () => number
}

/** The checks of one member. */
interface Watch {
  readonly member: Backend
  finding: Finding
  why: string | undefined
  /** The next check, and the one under way. */
  timer: NodeJS.Timeout | undefined
  asking: AbortController
  ended: boolean
}

/**
 * Checks every member at its interval, and writes down whom it finds up or down. For one thread. The
 * first checks are spread over one interval, so that they do not come in bursts ever after; who joins
 * later is checked at once.
 */
export function activeChecks(options: ActiveChecksOptions): ActiveChecks {
  const { health, settings, prober, random, now } = options
  const watches: (Watch | undefined)[] = []

  function note(row: number, watch: Watch, finding: Finding): void {
    const { up } = watch.finding
    watch.finding = finding
    if (finding.up === up) return
    health.change(now(), (columns) => {
      columns.down[row] = finding.up ? 0 : 1
      if (!finding.up) return
      // It was seen to be back: what it did before it went down no longer counts.
      columns.ejected[row] = 0
      Atomics.store(columns.failures, row, 0)
    })
  }

  async function check(row: number, watch: Watch): Promise<void> {
    const started = now()
    watch.asking = new AbortController()
    const probed = await prober.probe(watch.member.url, watch.asking.signal)
    if (watch.ended) return
    watch.why = probed.passed ? undefined : probed.why
    note(row, watch, after(watch.finding, probed.passed, settings))
    later(row, watch, started + settings.interval - now())
  }

  function later(row: number, watch: Watch, seconds: number): void {
    watch.timer = setTimeout(() => void check(row, watch), Math.max(0, seconds) * 1000)
  }

  function begin(row: number, member: Backend): Watch {
    const up = health.columns.down[row] === 0
    const watch: Watch = {
      member,
      finding: up ? presumedUp(settings) : presumedDown(settings),
      why: up ? undefined : 'not checked yet',
      timer: undefined,
      asking: new AbortController(),
      ended: false,
    }
    later(row, watch, up ? random() * settings.interval : 0)
    return watch
  }

  function sync(): void {
    for (const [row, member] of readBackends(health.columns).backends.entries()) {
      const watch = watches[row]
      if (watch?.member.url === member?.url) continue
      end(watch)
      watches[row] = member === undefined ? undefined : begin(row, member)
    }
  }

  sync()
  return {
    sync,
    why: (row) => watches[row]?.why,
    async [Symbol.asyncDispose]() {
      for (const watch of watches) end(watch)
      await prober.close()
    },
  }
}

function end(watch: Watch | undefined): void {
  if (watch === undefined) return
  watch.ended = true
  clearTimeout(watch.timer)
  watch.asking.abort()
}
