import type { OutcomeTimeline } from '../../driver/driver.ts'
import type { Lab } from '../../lab/lab.ts'
import { type Resolution, resolutionOf } from '../../plan/faults/fault.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'

/** Faults that befall the backends of a trial once its window opens. */
export interface FaultInjection {
  /** What the driver is to report besides. */
  readonly watch: Resolution
  /**
   * What the driver saw of the window's course, with what the backends saw of it.
   * @throws {ProcessError} a backend could not be brought back
   */
  courseOf(seen: OutcomeTimeline | undefined): Promise<Measurement['faultTimeline']>
}

/** Has the plan's faults brought on as soon as the driver opens the window; undefined where there are none. */
export function injectFaults(
  lab: Pick<Lab, 'driver' | 'injectFaults' | 'faultTimeline'>,
  { faults, duration }: Pick<Plan, 'faults' | 'duration'>,
  rate: number | undefined,
): FaultInjection | undefined {
  if (faults === undefined || rate === undefined) return undefined
  const watch = resolutionOf(duration, rate)
  const { binSeconds, bins, binsPerP99 } = watch
  let told: Promise<unknown> = Promise.resolve()
  lab.driver.on('opened', (openedMs) => {
    told = lab.injectFaults({ openedMs: openedMs as number, faults, binSeconds, bins })
    // Who waits for it below is told; until then it is nobody's.
    told.catch(() => undefined)
  })
  return {
    watch,
    async courseOf(seen) {
      await told
      const { received, faults: moments } = await lab.faultTimeline()
      if (seen === undefined) return undefined
      const { ok, failed, p99 } = seen
      return {
        ...{ binSeconds, binsPerP99, ok: [...ok], failed: [...failed], p99: [...p99] },
        received: received.map((counts) => [...counts]),
        faults: moments.map((moment) => ({ ...moment })),
      }
    },
  }
}
