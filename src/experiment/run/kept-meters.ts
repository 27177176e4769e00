import { join } from 'node:path'
import type { Placement } from '../../lab/cores.ts'
import type { TempDir } from '../../lab/temp-dir.ts'
import { cpuSetMeters } from '../../meter/index.ts'
import type { TimerJitter } from '../../meter/timer-jitter-counts.ts'
import type { Yardstick } from '../../meter/yardstick.ts'
import type { Phase } from '../../plan/plan.ts'
import { type CpuSetMeters, startMeters } from './cpu-set-meters.ts'

/** The meters on the CPU sets of a trial, and the field of a measurement that has their reports. */
interface PhaseMeters extends CpuSetMeters<Yardstick & TimerJitter> {
  readonly field: 'yardstick' | 'timerJitter'
}

/** Meters on CPU sets that stay from trial to trial, as long as phase and placement are the same. */
export interface KeptMeters extends AsyncDisposable {
  /**
   * The meters of a phase on the CPU sets of a placement.
   * @throws {ProcessError} one could not be started, or died
   */
  of(phase: Phase, placement: Placement): Promise<PhaseMeters>
}

/** No meter yet. Their logs are in `tempDir`. */
export function keptMeters(tempDir: Pick<TempDir, 'path'>): KeptMeters {
  let kept: { readonly key: string; readonly meters: PhaseMeters } | undefined
  const dispose = async () => {
    const meters = kept?.meters
    kept = undefined
    await meters?.[Symbol.asyncDispose]()
  }
  return {
    async of(phase, placement) {
      const { target, driver, backends, pinned } = placement
      const key = JSON.stringify([phase, pinned, target, driver, backends])
      if (kept?.key === key) return kept.meters
      await dispose()
      const { field, ...meter } = cpuSetMeters[phase]
      const log = join(tempDir.path, `${field}.log`)
      const meters = {
        field,
        ...(await startMeters<Yardstick & TimerJitter>(placement, { ...meter, log })),
      }
      kept = { key, meters }
      return meters
    },
    [Symbol.asyncDispose]: dispose,
  }
}
