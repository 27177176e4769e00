import type { Plan } from '../../plan/plan.ts'
import type { Measurement, Verdict } from '../../result/document.ts'
import { metricsOf } from './metrics-of.ts'

/** Share of the control's throughput from which on the ceiling is not the target's. */
const nearControl = 0.9

/**
 * Holds each saturated trial against the control of its block, the same load without a balancer: where the
 * target came so close to it, what limits the control limits it too.
 */
export function againstControl(plan: Plan, measured: readonly Measurement[]): Measurement[] {
  return measured.map((measurement) => {
    const { trial, verdict } = measurement
    const control = measured.find(
      (other) =>
        other.trial.arm === plan.control &&
        other.trial.phase === trial.phase &&
        other.trial.block === trial.block &&
        other.verdict.valid,
    )
    const seeks = trial.phase === 'capacity' && trial.arm !== plan.control
    if (control === undefined || !seeks || verdict.bottleneck !== 'none') return measurement
    return { ...measurement, verdict: ceiling(measurement, control) ?? verdict }
  })
}

function ceiling(measurement: Measurement, control: Measurement): Verdict | undefined {
  const [own = 0, bare = 0] = [measurement, control].map((one) => metricsOf(one).throughput)
  if (own < nearControl * bare) return undefined
  const bottleneck = control.verdict.bottleneck === 'driver' ? 'driver' : 'backends'
  return {
    ...measurement.verdict,
    bottleneck,
    because: `without a balancer the same load came to ${Math.round(bare)} req/s, hardly more than the ${Math.round(own)} req/s here: ${bottleneck === 'driver' ? 'the driver' : 'waiting for the backends'} sets the pace`,
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
    return bare === undefined ? [] : [[metricsOf(measurement), metricsOf(bare)] as const]
  })
  const differences = (metric: 'latencyP50' | 'latencyP99') =>
    pairs.flatMap(([with_, without]) => {
      const [a, b] = [with_[metric], without[metric]]
      return a === undefined || b === undefined ? [] : [a - b]
    })
  return { addedP50: differences('latencyP50'), addedP99: differences('latencyP99') }
}
