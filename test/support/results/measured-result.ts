import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { comparisons } from '../../../src/experiment/findings/comparisons.ts'
import { curves } from '../../../src/experiment/findings/curves.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import type { Measurement, ResultDocument, Verdict } from '../../../src/result/document.ts'
import { exampleResult } from './example-result.ts'

/** Figures of an arm in every trial: requests per second, bytes, CPU-seconds per request. */
interface Behaviour {
  readonly throughput: number
  readonly memory?: number
  readonly cpu?: number
  readonly bottleneck?: Verdict['bottleneck']
  /** Whether the target shares its CPUs. */
  readonly shared?: boolean
  readonly valid?: boolean
}

/** Options of the synthetic trials. */
export interface SyntheticOptions {
  readonly behaviours: Readonly<Record<string, Behaviour>>
  /** CPUs of the host. */
  readonly cpus?: number
  /** Spread of the trials, as a fraction: the maximum deviation of each. */
  readonly noise?: number
}

/** The result of a plan with synthetic trials, analysed as real ones. */
export function measuredResult(
  plan: Plan,
  { behaviours, cpus = 4, noise = 0.002 }: SyntheticOptions,
): ResultDocument {
  const random = seeded(7)
  const example = exampleResult()
  const [template] = example.trials as [Measurement]
  const trials = plan.trials.flatMap((trial): Measurement[] => {
    const behaviour = behaviours[trial.arm]
    if (behaviour === undefined) return []
    const off = () => 1 + (2 * random() - 1) * noise
    return [measurement(template, { plan, trial, behaviour, off })]
  })
  const findings = analyse(plan, trials, cpus)
  return {
    ...example,
    ...{ plan, trials, findings, gates: [], warnings: [] },
    phaseEndings: [{ phase: 'capacity', blocks: plan.blocks, endedBy: 'plan' }],
    comparisons: comparisons(plan, trials, { margin: () => 0.03, cpus }),
    curves: curves(plan, findings),
  }
}

interface One {
  readonly plan: Plan
  readonly trial: Measurement['trial']
  readonly behaviour: Behaviour
  readonly off: () => number
}

function measurement(template: Measurement, { plan, trial, behaviour, off }: One): Measurement {
  const { throughput, memory = 70e6, cpu = 60e-6, shared = false } = behaviour
  const { bottleneck = 'target', valid = true } = behaviour
  const ok = Math.round(throughput * off() * plan.duration)
  const [bytes, seconds] = [memory * off(), cpu * off() * ok]
  return {
    ...template,
    trial,
    windowSeconds: plan.duration,
    window: { ...template.window, ok },
    meanSeconds: (plan.connections * plan.duration) / ok,
    processes: template.processes.map((cost) =>
      cost.role === 'target'
        ? {
            ...cost,
            ...{ userSeconds: seconds, systemSeconds: 0, sharedCpus: shared },
            ...{ rssMeanBytes: bytes, rssPeakBytes: bytes },
          }
        : cost,
    ),
    verdict: {
      bottleneck,
      reason: { code: 'version-1-text', values: { text: `${bottleneck} was full` } },
      valid,
      reasons: [],
    },
  }
}
