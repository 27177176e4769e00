import { grouped, quantity } from '../../../src/kit/units.ts'
import type { ThresholdOutcome } from '../../../src/result/schemas/threshold-outcome.ts'

/** What was found of a threshold, as a clause: `82.0 ms (79.1 ms to 85.0 ms)`. */
export function thresholdDetail(one: ThresholdOutcome): string {
  const value = one.value === undefined ? 'among the failed requests' : inUnit(one.value, one.unit)
  switch (one.why) {
    case 'exact':
      return one.value === undefined ? 'a request failed' : value
    case 'around-limit':
      return `${value}${interval(one)}: the interval contains the limit`
    case 'too-few-requests':
      return `${value}${interval(one)}: too few requests for an upper bound`
    case 'windows':
      return `${value} in the worst window${windowText(one)}`
    case 'window':
      return `${value}${windowText(one)}`
    case 'window-by-chance':
      return `${value}${windowText(one)}: beyond the limit, but within chance`
    case 'stopped-early':
      return `${value}; it ended the run after ${seconds(one.stoppedAtMs ?? 0)}`
    case 'nothing-measured':
      return 'nothing was measured'
    case 'cut-short':
      return `${value}${interval(one)} until the run ended`
    case 'no-valid-trial':
      return 'no trial is valid'
    case 'stage-invalid':
      return 'a stage was not sent as planned'
    default:
      return `${value}${interval(one)}`
  }
}

/** One line for each threshold: its outcome, its text, and what was found. */
export function thresholdLines(outcomes: readonly ThresholdOutcome[]): string[] {
  return outcomes.map((one) => `${one.outcome}: ${one.threshold}: ${thresholdDetail(one)}`)
}

function inUnit(value: number, unit: ThresholdOutcome['unit']): string {
  return unit === 'count' ? grouped(value) : quantity(value, unit)
}

function interval({ low, high, unit }: ThresholdOutcome): string {
  if (low === undefined) return ''
  return high === undefined
    ? ` (${inUnit(low, unit)} or more)`
    : ` (${inUnit(low, unit)} to ${inUnit(high, unit)})`
}

function windowText({ window }: ThresholdOutcome): string {
  return window === undefined ? '' : ` (${seconds(window.fromMs)} to ${seconds(window.toMs)})`
}

function seconds(ms: number): string {
  return `${(ms / 1e3).toFixed(1)} s`
}
