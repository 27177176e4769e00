import type { OutcomeTimeline } from '../../driver/fleet/merge-timelines.ts'
import { hrtimeOffsetMs } from '../../kit/clock.ts'
import type { Lab } from '../../lab/lab.ts'
import { type Resolution, resolutionOf } from '../../plan/faults/fault.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'

/** The faults of one trial, injected once its window opens. */
export interface FaultInjection {
  /** How finely the driver must report outcomes over time. */
  readonly watch: Resolution
  /** Begins to inject: the window has opened. */
  inject(): void
  /**
   * Combines the outcomes over time that the driver observed with those of the backends.
   *
   * @throws {ProcessError} a backend could not be restarted
   */
  timelineOf(observed: OutcomeTimeline | undefined): Promise<Measurement['faultTimeline']>
}

/** The injection of the plan's faults; undefined for a plan without faults. */
export function injectFaults(
  lab: Pick<Lab, 'injectFaults' | 'faultTimeline'>,
  { faults, duration }: Pick<Plan, 'faults' | 'duration'>,
  rate: number | undefined,
): FaultInjection | undefined {
  if (faults === undefined || rate === undefined) return undefined
  const watch = resolutionOf(duration, rate)
  const { binSeconds, bins, binsPerP99 } = watch
  let injected: Promise<unknown> = Promise.resolve()
  return {
    watch,
    inject() {
      const openedMs = performance.now() + hrtimeOffsetMs()
      injected = lab.injectFaults({ openedMs, faults, binSeconds, bins })
      // `timelineOf` rethrows a failure; until it is called, the rejection must not be unhandled.
      injected.catch(() => undefined)
    },
    async timelineOf(observed) {
      await injected
      const { received, faults: moments } = await lab.faultTimeline()
      if (observed === undefined) return undefined
      const { ok, failed, p99 } = observed
      return {
        ...{ binSeconds, binsPerP99, ok: [...ok], failed: [...failed], p99: [...p99] },
        received: received.map((counts) => [...counts]),
        faults: moments.map((moment) => ({ ...moment })),
      }
    },
  }
}
