import type { Plan } from '../../plan/plan.ts'
import type { Measurement, Verdict } from '../../result/document.ts'
import { metricOf } from './metrics-of.ts'

/** Share of the control's throughput from which on the target is not the bottleneck. */
const nearControl = 0.9

/**
 * Each saturated trial without a bottleneck, judged by the control of its block, the same load without a balancer:
 * where its throughput comes so close to it, what limits the control limits it too.
 */
export function judgeAgainstControl(plan: Plan, measured: readonly Measurement[]): Measurement[] {
  return measured.map((measurement) => {
    const { trial, verdict } = measurement
    const control = measured.find(
      (other) =>
        other.trial.arm === plan.control &&
        other.trial.phase === trial.phase &&
        other.trial.block === trial.block &&
        other.verdict.valid,
    )
    const isSaturating = trial.phase === 'capacity' && trial.arm !== plan.control
    if (control === undefined || !isSaturating || verdict.bottleneck !== 'none') return measurement
    return { ...measurement, verdict: nearControlVerdict(measurement, control) ?? verdict }
  })
}

/** The verdict by the control, with the reason of the trial's own verdict after its checks. */
function nearControlVerdict(measurement: Measurement, control: Measurement): Verdict | undefined {
  const { verdict } = measurement
  const [rate = 0, controlRate = 0] = [measurement, control].map((one) =>
    metricOf(one, 'throughput'),
  )
  if (rate < nearControl * controlRate) return undefined
  const bottleneck = control.verdict.bottleneck === 'driver' ? 'driver' : 'backends'
  return {
    ...verdict,
    bottleneck,
    reason: { code: 'near-control', values: { bottleneck, rate, controlRate } },
    ownReason: verdict.reason,
  }
}

/** By how much each valid trial's latency differs from that of the control in its block, in seconds. */
export function added(
  measured: readonly Measurement[],
  own: readonly Measurement[],
  control: string | undefined,
): { readonly addedP50: number[]; readonly addedP99: number[] } {
  const pairs = own.flatMap((measurement) => {
    const bare = measured.find(
      ({ trial, verdict }) =>
        trial.arm === control &&
        trial.phase === measurement.trial.phase &&
        trial.block === measurement.trial.block &&
        verdict.valid,
    )
    return bare === undefined ? [] : [[measurement, bare] as const]
  })
  const differences = (metric: 'latencyP50' | 'latencyP99') =>
    pairs.flatMap(([with_, without]) => {
      const [a, b] = [metricOf(with_, metric), metricOf(without, metric)]
      return a === undefined || b === undefined ? [] : [a - b]
    })
  return { addedP50: differences('latencyP50'), addedP99: differences('latencyP99') }
}
