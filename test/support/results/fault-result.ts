import { faultFindings } from '../../../src/experiment/findings/fault-findings.ts'
import type { Arm, Plan } from '../../../src/plan/plan.ts'
import type { FaultTimeline, Measurement, ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from './example-result.ts'
import { measurement, planOf } from './measurements.ts'

const seconds = 20
const faults: NonNullable<Plan['faults']> = [
  { at: 3, until: 6, backend: 2, effect: { kind: 'kill' } },
  { at: 14, until: 16, backend: 1, effect: { kind: 'slow', times: 10 } },
]

/** The response of a synthetic target to the first fault. */
interface Character {
  readonly arm: Arm
  /** Seconds in which clients saw failures, and after which the killed backend got its share again. */
  readonly failing: number
  readonly out: number
}

/** The course of a window of 20 s at 1,000 requests per second, whose second backend is dead from 3 s to 6 s. */
export function courseOf({ failing, out }: Pick<Character, 'failing' | 'out'>): FaultTimeline {
  const times = Array.from({ length: seconds * 10 }, (_, i) => i / 10)
  const within = (at: number, from: number, to: number) => at > from - 1e-9 && at < to - 1e-9
  const failed = times.map((at) => (within(at, 3, 3 + failing) ? 7 : 0))
  const dead = times.map((at) => within(at, 3, 6 + out))
  return {
    ...{ binSeconds: 0.1, binsPerP99: 10 },
    ok: failed.map((count) => 100 - count),
    failed,
    p99: Array.from({ length: seconds }, (_, i) =>
      i === 3 ? null : within(i, 14, 16) ? 0.09 : 0.01,
    ),
    received: [0, 1, 2].map((i) => dead.map((gone) => (gone ? (i === 1 ? 0 : 50) : 33))),
    faults: [
      { from: 3.001, until: 6.002 },
      { from: 14, until: 16 },
    ],
  }
}

const characters: readonly Character[] = [
  { arm: armOf('reference', 'round-robin ×1'), failing: 0.4, out: 4.3 },
  { arm: armOf('nginx', 'nginx round-robin ×1'), failing: 0, out: 12 },
]

function armOf(target: string, name: string): Arm {
  return { name, target, algorithm: 'round-robin', cores: 1 }
}

/** A document of two targets under two faults, with so many trials, each with slightly more failures than the previous one. */
export function faultyResult(trials = 1): ResultDocument {
  const arms = characters.map(({ arm }) => arm)
  const [backend] = exampleResult().plan.backends as [Plan['backends'][number]]
  const backends = [backend, backend, backend].map((one) => ({ ...one, weight: 1 }))
  const differs = { backends, duration: seconds, blocks: trials, phases: ['latency' as const] }
  const plan = { ...planOf(arms, differs), faults, scenario: 'faults' }
  const measured = characters.flatMap(({ arm, failing, out }) =>
    Array.from({ length: trials }, (_, block): Measurement => {
      const course = courseOf({ failing: failing === 0 ? 0 : failing + block / 10, out })
      const also = { faultTimeline: course, windowSeconds: seconds, perBackend: [6000, 5000, 6000] }
      return measurement({ arm: arm.name, block, phase: 'latency', also })
    }),
  )
  const [example] = exampleResult().findings as [ResultDocument['findings'][number]]
  return exampleResult({
    plan,
    trials: measured,
    phaseEndings: [{ phase: 'latency', blocks: trials, endedBy: 'plan', rate: 1000 }],
    findings: arms.map(({ name }) => {
      const own = measured.filter(({ trial }) => trial.arm === name)
      const found = faultFindings(plan, own)
      return { ...example, arm: name, phase: 'latency', ...(found && { faults: found }) }
    }),
    comparisons: [],
    curves: [],
    warnings: [],
  })
}
