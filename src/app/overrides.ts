import type { Overrides } from '../plan/expand.ts'
import type { ClosedLoopDriver, ExternalDriver } from '../plan/plan.ts'

/** Values of the flags that override fields of a scenario. Times in seconds. */
export interface OverrideFlags {
  readonly algo?: readonly string[] | undefined
  readonly target?: readonly string[] | undefined
  readonly cores?: readonly number[] | undefined
  readonly connections?: number | undefined
  readonly drivers?: number | undefined
  readonly 'backend-processes'?: number | undefined
  readonly duration?: number | undefined
  readonly warmup?: number | undefined
  readonly trials?: number | undefined
  readonly backends?: number | undefined
  readonly phase?: 'capacity' | 'latency' | 'both' | undefined
  readonly rate?: number | undefined
  readonly arrivals?: 'constant' | 'poisson' | undefined
  readonly driver?: ClosedLoopDriver | undefined
  readonly witness?: ExternalDriver | undefined
  readonly control?: boolean | undefined
  readonly precision?: number | undefined
  readonly 'max-time'?: number | undefined
}

/** The scenario fields that flags override. */
export function overridesOf(flags: OverrideFlags): Overrides {
  const { cores, connections, drivers, duration, warmup, trials, backends } = flags
  const { phase, rate, arrivals, driver, witness, control, precision } = flags
  return {
    ...{ algorithms: flags.algo, targets: flags.target, cores, connections, drivers, backends },
    backendProcesses: flags['backend-processes'],
    ...{ duration, warmup, trials, phase, rate, arrivals, driver, witness, control, precision },
    maxTime: flags['max-time'],
  }
}
