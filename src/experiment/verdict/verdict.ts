import type { BackendPlan } from '../../plan/plan.ts'
import type { Measurement, ProcessCost, Verdict } from '../../result/document.ts'
import { percent } from '../words.ts'
import { backendLimit } from './backend-limit.ts'
import { checks } from './checks.ts'
import { cpuLimit, cpuUsed } from './cpu-limit.ts'
import { paceLimit } from './driver-lateness.ts'
import { foreignLimit, restlessLimit, starved, waitedLimit } from './waiting-limit.ts'

type Role = ProcessCost['role']

/** CPUs that each role was held to. */
export type CpuSets = Readonly<Record<Role, readonly number[]>>

/** What a trial left behind, as far as its verdict needs it. */
export interface Evidence {
  readonly measured: Omit<Measurement, 'verdict'>
  readonly cpuSets: CpuSets
  /** Connections of the closed loop, or the most requests in flight of the open loop. */
  readonly connections: number
  /** What the backends were told to be like, in the order of `perBackend`. */
  readonly backends: readonly BackendPlan[]
}

/** What limited a trial, and why: one sentence. */
export type Limit = Pick<Verdict, 'bottleneck' | 'because'>

/** What limited a trial, and whether its figures may enter an estimate. */
export function judge(evidence: Evidence): Verdict {
  const broken = checks(evidence).filter(({ broken }) => broken !== undefined)
  return {
    ...limit(evidence),
    valid: !broken.some(({ fatal }) => fatal),
    reasons: broken.map(({ broken }) => broken as string),
  }
}

/**
 * What limited a trial: whoever had nothing left. A driver that was late or always busy hides what the target
 * could do, so it is looked for first; then come CPUs, then the time that the backends were told to take, then what
 * other programs took.
 */
export function limit(evidence: Evidence): Limit {
  return (
    paceLimit(evidence.measured) ??
    cpuLimit(evidence) ??
    restlessLimit(evidence) ??
    starved(evidence) ??
    backendLimit(evidence) ??
    foreignLimit(evidence) ??
    waitedLimit(evidence) ?? { bottleneck: 'none', because: idleSentence(evidence) }
  )
}

function idleSentence(evidence: Evidence): string {
  const { trial, processes } = evidence.measured
  const all = processes.map((cost) => `${cost.role} ${percent(cpuUsed(cost, evidence))}`)
  const why =
    trial.phase === 'latency'
      ? 'the rate was below what they can do'
      : 'more connections, or slow backends, would explain it'
  return `no process used all of its CPU (${all.join(', ')}): ${why}`
}
