import type { MetricName } from './metrics.ts'

/** The noise of one metric: comparisons of an arm with itself. */
export interface MetricNoise {
  readonly metric: MetricName
  readonly comparisons: number
  /** Comparisons with the outcome better or worse: each is wrong. */
  readonly falseAlarms: number
  /** Highest number of false alarms that chance explains. */
  readonly maxFalseAlarms: number
  readonly trustworthy: boolean
  /** Half-width, as a fraction, that 9 of 10 comparisons stay within. */
  readonly floor: number
  /** Relative change that one such comparison reports as better or worse 9 times in 10, with the floor as δ. */
  readonly findable: number
}

/**
 * Properties of a host that decide whether its measurements hold, each with what was found. A code without values
 * could not be read.
 */
export interface HostFacts {
  /** Frequency governors of the CPUs, without duplicates. */
  readonly 'cpu-governor': { readonly governors: readonly string[] }
  readonly turbo: { readonly enabled: boolean }
  /** Runnable tasks over the last minute, and the CPUs that may be used. */
  readonly load: { readonly average: number; readonly cpus: number }
  /** Share of the CPU time that the hypervisor gave to other machines. */
  readonly steal: { readonly fraction: number }
  /** Pages swapped in or out in so many seconds. */
  readonly swap: { readonly pages: number; readonly seconds: number }
  /** Mode of transparent huge pages. */
  readonly 'huge-pages': { readonly mode: string }
  /** Open files per process. */
  readonly 'open-files': { readonly limit: number }
  /** Local TCP ports for outgoing connections. */
  readonly 'port-range': { readonly first: number; readonly last: number }
}

/** One property of a host, judged. `unknown` where it cannot be read, as in most virtual machines. */
export type HostCheck = {
  readonly [Code in keyof HostFacts]:
    | {
        readonly code: Code
        readonly state: 'ok' | 'warn' | 'bad'
        readonly values: HostFacts[Code]
      }
    | { readonly code: Code; readonly state: 'unknown' }
}[keyof HostFacts]

/** Whether a host is fit to measure on, and the smallest difference that it can resolve. */
export interface Selftest {
  readonly fitness: readonly HostCheck[]
  readonly noise: readonly MetricNoise[]
  readonly trials: number
  readonly invalidTrials: number
  readonly seed: number
  /** File of the stored noise floor; undefined if it was not stored. */
  readonly stored: string | undefined
  /** Why it was not stored. */
  readonly notStored?: 'interrupted' | 'too few trials' | 'too many false alarms'
}
