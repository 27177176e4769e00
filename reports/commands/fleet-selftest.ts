import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { grouped, percent, quantity } from '../../src/kit/units.ts'
import type { FleetComparison, FleetSelftest } from '../../src/result/fleet-selftest.ts'
import { metrics } from '../../src/result/metrics.ts'
import { terminal } from '../layout/terminal.ts'
import { signed } from '../sections/comparisons.ts'
import { reasonWords } from '../sections/reasons.ts'

/** The comparison of one driver with a fleet, for a terminal. */
export function fleetSelftestText(found: FleetSelftest, options: RenderOptions): string {
  const on = terminal(options)
  const { drivers, rate, comparisons, trials, invalidTrials, reasons, seed } = found
  const each = grouped(Math.round(rate / drivers))
  const lines = [
    on.paint.strong(
      `One driver at ${grouped(rate)} req/s, compared with ${drivers} drivers at ${each} req/s each`,
    ),
    ...comparisons.flatMap(comparisonLines),
    ...(comparisons.length === 0 ? ['  Too few valid trials for a comparison.'] : []),
    `  ${plural(trials, 'trial')}, ${invalidTrials} of them invalid; seed ${seed}.`,
    ...reasons.map((reason) => `  invalid: ${reasonWords(reason)}`),
  ]
  return `${lines.map(on.paint.plain).join('\n')}\n`
}

function comparisonLines({
  metric,
  base,
  resolution = 0,
  ratio,
  margin,
  outcome,
}: FleetComparison): string[] {
  const { label, unit } = metrics[metric]
  const bounds = `${signed(ratio.low)} to ${signed(ratio.high)}`
  const line = `  ${label}: ${outcome} (${signed(ratio.center)}, ${bounds}; up to ±${percent(margin)} is the same)`
  if (resolution === 0) return [line]
  const values = [base, base * ratio.center].map((value) => quantity(value, unit)).join(' and ')
  return [
    line,
    `    ${values}; the one driver itself was late by ${quantity(resolution, unit)}, which its latencies include`,
  ]
}
