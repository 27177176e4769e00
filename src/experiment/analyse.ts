import type { Arm, Phase, Plan } from '../plan/plan.ts'
import type { Finding, Measurement } from '../result/document.ts'
import type { MetricName } from '../result/metrics.ts'
import { merge } from '../stats/histogram.ts'
import { summarise } from '../stats/summary.ts'
import { metricsOf, percentiles } from './metrics-of.ts'

/** Samples that must lie beyond a percentile before it is printed. */
const beyond = 10

/** What each arm came to, in the order of the plan: an estimate of every metric over its valid trials. */
export function analyse(plan: Plan, measurements: readonly Measurement[], cpus: number): Finding[] {
  const phases = [...new Set(plan.trials.map(({ phase }) => phase))]
  return plan.arms.flatMap((arm) =>
    phases.flatMap((phase) => {
      const own = measurements.filter(
        ({ trial }) => trial.arm === arm.name && trial.phase === phase,
      )
      return own.length === 0 ? [] : [findingOf(arm, phase, own, cpus)]
    }),
  )
}

function findingOf(arm: Arm, phase: Phase, own: readonly Measurement[], cpus: number): Finding {
  const valid = own.filter(({ verdict }) => verdict.valid)
  // With no valid trial the figures are still shown, marked as what they are.
  const used = valid.length > 0 ? valid : own
  const limitedBy = commonest(used.map(({ verdict }) => verdict.limitedBy))
  const typical = used.find(({ verdict }) => verdict.limitedBy === limitedBy) as Measurement
  const latency = merge(used.map(({ latency }) => latency))
  const { metrics, notes } = estimates(used, latency.count)
  return {
    arm: arm.name,
    phase,
    // An oversubscribed arm stays one, however its trials went: it is never taken for one with so many cores.
    validity: arm.cores > cpus ? 'oversubscribed' : valid.length === 0 ? 'invalid' : 'valid',
    atLeast: phase === 'capacity' && (limitedBy === 'driver' || limitedBy === 'backends'),
    metrics,
    latency: latency.encode(),
    perBackend: sums(used.map(({ perBackend }) => perBackend)),
    limitedBy,
    because: typical.verdict.because,
    notes: [...notes, ...invalidNotes(own)],
  }
}

function estimates(used: readonly Measurement[], samples: number) {
  const perTrial = used.map(metricsOf)
  const names = [...new Set(perTrial.flatMap((one) => Object.keys(one) as MetricName[]))]
  const notes: string[] = []
  const metrics: Finding['metrics'] = {}
  for (const name of names) {
    const values = perTrial.flatMap((one) => one[name] ?? [])
    const percentile = (percentiles as Partial<Record<MetricName, number>>)[name]
    if (percentile !== undefined && samples * (1 - percentile / 100) < beyond) {
      notes.push(`p${percentile} needs more than the ${samples} requests that were measured`)
    } else if (values.length < used.length) {
      notes.push(
        `${name} lies among the requests that failed in ${used.length - values.length} of ${used.length} trials`,
      )
    } else metrics[name] = summarise(values)
  }
  return { metrics, notes }
}

function invalidNotes(own: readonly Measurement[]): string[] {
  const invalid = own.filter(({ verdict }) => !verdict.valid)
  const reasons = new Set(invalid.flatMap(({ verdict }) => verdict.reasons))
  return invalid.length === 0
    ? []
    : [`${invalid.length} of ${own.length} trials are invalid: ${[...reasons].join('; ')}`]
}

function commonest<T>(values: readonly T[]): T {
  const count = (value: T) => values.filter((other) => other === value).length
  return values.reduce((most, value) => (count(value) > count(most) ? value : most))
}

function sums(lists: readonly (readonly number[])[]): number[] {
  return (lists[0] ?? []).map((_, i) => lists.reduce((sum, list) => sum + (list[i] ?? 0), 0))
}
