import type { LoadObserver } from '../driver/fleet/drive-fleet.ts'

/** The request rate of the trial that runs now. */
export interface RunningRate {
  /** Follows the loads of trials, and passes all on to `also`. */
  readonly observer: LoadObserver
  /** Responses per second over the last second; undefined before the first responses of a trial. */
  rate(): number | undefined
}

/** Responses are counted in each 100 ms: so many make a second. */
const binsPerSecond = 10

/** Follows the rate of each load in turn. */
export function runningRate(also?: LoadObserver): RunningRate {
  let bins: readonly number[] = []
  return {
    observer: {
      begun(load) {
        bins = []
        also?.begun(load)
      },
      counted(responses) {
        bins = [...bins, ...responses].slice(-binsPerSecond)
        also?.counted(responses)
      },
    },
    rate() {
      if (bins.length === 0) return undefined
      return (bins.reduce((sum, ok) => sum + ok, 0) * binsPerSecond) / bins.length
    },
  }
}
