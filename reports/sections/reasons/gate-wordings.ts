import { plural } from '../../../src/kit/plural.ts'
import { grouped, percent, quantity } from '../../../src/kit/units.ts'
import { metrics } from '../../../src/result/metrics.ts'
import type { gateReasons } from '../../../src/result/reasons/gate-reasons.ts'
import { first, type Wordings } from './wording.ts'

/** What a gate found, and why that does not decide it. */
export const gateWordings: Wordings<keyof typeof gateReasons> = {
  'measured-change': (all) => {
    const { metric, base = 'the baseline', center, low, high, confidence } = first(all)
    return `${metrics[metric].label} ${change(center)} than ${base} (${percent(confidence)} interval ${change(low)} to ${change(high)})`
  },
  'measured-value': (all) => {
    const { metric, phase, center, low, high, confidence, trials } = first(all)
    const { label, unit } = metrics[metric]
    const edges =
      confidence === undefined ? `range of ${trials} trials` : `${percent(confidence)} interval`
    return `${label} ${quantity(center, unit)} (${edges} ${quantity(low, unit)} to ${quantity(high, unit)}) in the ${phase} phase`
  },
  'around-threshold': () => 'the interval contains the threshold',
  'multiple-gates': (all) =>
    `with so many gates this may be chance (adjusted p ${first(all).p.toPrecision(2)})`,
  'within-margin': (all) =>
    `smaller than the ${percent(first(all).margin)} that this host can resolve`,
  'lower-bound': () => 'the throughput is a lower bound: the target was not the bottleneck',
  'control-changed': (all) => {
    const { metric, ratio } = first(all)
    return `${metrics[metric].label} without a balancer is ${change(ratio)} too: the host changed`
  },
  'no-valid-trial': (all) => `no trial of ${first(all).arm} is valid`,
  'baseline-lacks-arm': (all) =>
    `the baseline has no arm ${first(all).arm}: it was not checked; measure a new baseline, or leave the arm out`,
  'baseline-without-valid-trial': (all) =>
    `no trial of ${first(all).arm} in the baseline is valid: measure a new baseline`,
  'baseline-interrupted': (all) =>
    `the baseline was interrupted: ${first(all).measured} of ${first(all).planned} trials were measured`,
  'gate-oversubscribed': (all) =>
    `${first(all).arm} has more workers than this host has CPUs, and no other arm was checked`,
  'too-few-for-limit': (all) =>
    `the limit needs ${grouped(first(all).needed)} requests, and there were ${grouped(first(all).requests)}`,
  'no-estimate': (all) => `${metrics[first(all).metric].label} could not be estimated`,
  'steadier-metric': (all) => {
    const { cpus, rules } = first(all)
    return `target, driver and backends share ${plural(cpus, 'CPU')}, where CPU per request varies least: prefer --fail-on 'cpu>+5%' to ${rules.join(', ')}`
  },
  'not-compared': (all) => `${metrics[first(all).metric].label} has nothing to be compared with`,
}

/** A ratio as a change: `5.3 % less`. */
function change(ratio: number): string {
  return `${percent(ratio - 1)} ${ratio < 1 ? 'less' : 'more'}`
}
