import type { FleetReport } from '../../driver/fleet/drive-fleet.ts'
import type { MissedTurn } from '../../lab/read-back.ts'
import type { Arm, BackendPlan } from '../../plan/plan.ts'
import type { Measurement, ProcessCost } from '../../result/document.ts'

/** The kind of process in a trial. */
type Role = ProcessCost['role']

/** CPUs of this host that the processes of each role were pinned to; none where they run on nodes. */
export type CpuSets = Readonly<Record<Role, readonly number[]>>

/** What was measured in a trial, before its verdict. */
export type Measured = Omit<Measurement, 'verdict'>

/** What a verdict is made from. */
export interface Evidence {
  readonly measured: Measured
  readonly cpuSets: CpuSets
  /** Connections of all drivers: of the closed loop, or the maximum of requests in flight of the open loop. */
  readonly connections: number
  /** Configuration of the backends, in the order of `perBackend`. */
  readonly backends: readonly BackendPlan[]
  /** What is wrong with single drivers. */
  readonly fleet?: Pick<FleetReport, 'lost' | 'differing'>
  /** Knobs that the target did not show before the load. */
  readonly missed?: readonly MissedTurn[]
  /** The knobs of the arm. */
  readonly turns?: Arm['turns']
  /** Protocol of the requests that the backends responded to. */
  readonly backendProtocol?: string
}
