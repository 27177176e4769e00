import { type Lab, openLab } from '../../lab/lab.ts'
import type { SpareProcesses } from '../../lab/spare-processes.ts'
import type { TempDir } from '../../lab/temp-dir.ts'
import type { TestBeds } from '../../lab/test-beds.ts'
import { driverName } from './driver-name.ts'
import type { TrialLoadOptions } from './trial-load.ts'

/** The options of a trial that its processes depend on, and the folder for their files. */
export interface TrialLabOptions extends TrialLoadOptions {
  readonly tempDir: TempDir
  readonly signal: AbortSignal
  /** Whether the reference balancer times the steps of requests, which costs it CPU time. */
  readonly timesSteps?: boolean | undefined
}

/** Where processes of earlier trials are kept, and the process of the next target. */
export interface LabSurroundings {
  readonly beds: TestBeds
  readonly spares: SpareProcesses
  /** Whether the target is started with an admin port that serves profiles. */
  readonly profiled?: boolean
}

/**
 * Starts the target of a trial, beside drivers and backends that earlier trials have used.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export function openTrialLab(
  options: TrialLabOptions,
  { beds, spares, profiled = false }: LabSurroundings,
): Promise<Lab> {
  const { plan, arm, trial, placement, tempDir, signal, timesSteps } = options
  const { settings } = plan
  const { seed } = trial
  const driver = driverName(options)
  return openLab({
    ...{ plan, arm, seed, placement, tempDir, signal, settings, driver },
    ...{ beds, spares, timesSteps, profiled },
  })
}
