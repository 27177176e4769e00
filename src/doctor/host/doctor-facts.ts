import type { Fact } from '../../host/fact.ts'
import type { HostFacts } from '../../host/host-facts.ts'
import type { AvailableCpus } from '../../lab/available-cpus.ts'

/** Figures that show only over a time. */
export interface WatchedFacts {
  /** Fraction of the CPU time of the usable CPUs that the hypervisor gave to other machines. */
  readonly steal: Fact<number>
  /** Pages that were swapped in and out, and the seconds in which they were counted. */
  readonly swapped: Fact<{ readonly pages: number; readonly seconds: number }>
  /** Fraction of the time in which at least one task waited for a CPU. Documentation/accounting/psi.rst. */
  readonly pressure: Fact<number>
  /** Fraction of the time in which a CPU quota stopped the cgroup. */
  readonly throttled: Fact<number>
  /** How late a timer of 1 ms fired, in seconds. */
  readonly jitter: Fact<{ readonly p50: number; readonly p99: number; readonly max: number }>
}

/** Everything that the checks of a host look at. */
export interface DoctorFacts extends HostFacts, WatchedFacts {
  readonly cpus: AvailableCpus
  /** CPUs of the machine. */
  readonly machineCpus: number
  /** Version of Node, and its options on the command line and in NODE_OPTIONS. */
  readonly node: { readonly version: string; readonly options: readonly string[] }
}
