import { isAbPlan } from '../../plan/ab-plan.ts'
import { visitSteps as namesOf } from '../../plan/load/compared-visits.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Finding, Measurement } from '../../result/document.ts'
import { failedRequests, requestsOf } from '../../result/failed-requests.ts'
import type { VisitStep } from '../../result/schemas/visits.ts'
import { histogram } from '../../stats/histogram/histogram.ts'
import { adjustFamily } from '../../stats/tests/family.ts'
import { analyse } from './analyse.ts'
import { type ComparisonOptions, compareArms, storedComparison } from './comparisons.ts'
import { compared, pairings } from './pairs.ts'

/** The metrics of a step: those that the histogram and the counts of its requests have. */
const stepMetrics = [
  ...([
    'latencyP50',
    'latencyP90',
    'latencyP95',
    'latencyP99',
    'latencyP999',
    'latencyMax',
  ] as const),
  'errorShare',
] as const

/**
 * The steps of the visits of a plan: the figures of each arm, and the comparisons of the arms by each step in the latency
 * phase. The comparisons of one metric by all steps are a family (Holm).
 */
export function visitSteps(
  plan: Plan,
  measured: readonly Measurement[],
  { margin, cpus }: Omit<ComparisonOptions, 'findings'>,
): VisitStep[] | undefined {
  if (plan.visits === undefined) return undefined
  const steps = namesOf(plan.visits).map((name) => {
    const own = measured.map((one) => ofStep(one, name))
    return { name, own, findings: analyse(plan, own, cpus) }
  })
  const pairs = isAbPlan(plan) ? [] : pairings(plan).filter(({ base }) => base.cores <= cpus)
  const found = compared.latency.flatMap((metric) =>
    adjustFamily(
      steps.flatMap(({ name, own, findings }) =>
        pairs.flatMap((pairing) =>
          compareArms(own, pairing, { phase: 'latency', metric, margin, findings }).map((one) => ({
            ...one,
            step: name,
          })),
        ),
      ),
    ),
  )
  return steps.map(({ name, own, findings }) => ({
    name,
    arms: findings.map((finding) => armOf(finding, { name, own })),
    comparisons: found.filter(({ step }) => step === name).map(storedComparison),
  }))
}

/** A trial as if it had sent the requests of one step only. */
function ofStep(measurement: Measurement, name: string): Measurement {
  const step = measurement.visits?.steps[name]
  const failed = Object.values(step?.failed ?? {}).reduce((sum, one) => sum + one, 0)
  return {
    ...measurement,
    window: { ok: step?.ok ?? 0, non2xx: 0, errors: failed, timeouts: 0, dropped: 0 },
    latency: step?.latency ?? histogram().encode(),
  }
}

function armOf(
  { arm, phase, metrics }: Finding,
  { name, own }: { readonly name: string; readonly own: readonly Measurement[] },
): VisitStep['arms'][number] {
  const all = own.filter(({ trial }) => trial.arm === arm && trial.phase === phase)
  const valid = all.filter(({ verdict }) => verdict.valid)
  const used = valid.length > 0 ? valid : all
  const sum = (of: (one: Measurement) => number) => used.reduce((total, one) => total + of(one), 0)
  return {
    ...{ arm, phase },
    requests: sum(({ window }) => requestsOf(window)),
    failed: sum(({ window }) => failedRequests(window)),
    checks: checksOf(used, name),
    metrics: Object.fromEntries(
      stepMetrics.flatMap((metric) => {
        const estimate = metrics[metric]
        return estimate === undefined ? [] : [[metric, estimate]]
      }),
    ),
  }
}

function checksOf(
  trials: readonly Measurement[],
  step: string,
): VisitStep['arms'][number]['checks'] {
  const sums: VisitStep['arms'][number]['checks'] = {}
  for (const { visits } of trials) {
    for (const [text, { passed, failed }] of Object.entries(visits?.steps[step]?.checks ?? {})) {
      const known = sums[text] ?? { passed: 0, failed: 0 }
      sums[text] = { passed: known.passed + passed, failed: known.failed + failed }
    }
  }
  return sums
}
