import { addCount } from '../../kit/own-value.ts'
import { percent, quantity, rounded } from '../../kit/units.ts'
import type { LoadResult } from '../../result/schemas/load.ts'
import { decode, merge } from '../../stats/histogram/histogram.ts'
import { cpuEvidence } from './cpu-evidence.ts'
import type { Evidence, Observed, Plateau, TargetCpu } from './observed.ts'
import { loadProposals } from './proposals.ts'

/** Shares of the time from which a driver delays requests: with work, and stalled. */
const late = { busy: 0.95, stalled: 0.05 }

/** The evidence in the result of a load test, over all its stages. */
export function evidenceOfLoad(result: LoadResult): Evidence {
  const cpu = cpuOf(result)
  return {
    observed: [observedOf(result, cpu)],
    plateaus: plateausOf(result, cpu),
    canPlateau: result.knee !== undefined || result.stages.some(({ from, to }) => from !== to),
    propose: loadProposals(result),
  }
}

function observedOf(result: LoadResult, cpu: TargetCpu | undefined): Observed {
  const steps = result.stages.flatMap((stage) => Object.values(stage.steps))
  const kinds: Record<string, number> = {}
  for (const counts of [
    ...steps.map((one) => one.failed),
    ...result.stages.map((one) => one.notSent),
  ]) {
    for (const [kind, count] of Object.entries(counts)) addCount(kinds, kind, count)
  }
  const failed = Object.values(kinds).reduce((sum, count) => sum + count, 0)
  const times = merge(steps.map(({ latency }) => latency))
  const target = result.processes.find(({ role }) => role === 'target')
  return {
    subject: result.scenario,
    load: 'test',
    requests: steps.reduce((sum, { ok }) => sum + ok, failed),
    failed,
    kinds,
    ...(times.count > 0 && { p50: times.percentile(50) / 1e6, p99: times.percentile(99) / 1e6 }),
    cpu,
    memoryPeak: target?.rssPeak,
    memory: [],
    perBackend: [],
    weights: [],
    perWorker: [],
    reasons: [],
    trials: 1,
    driverLate: driverWords(result),
    missedLimits: result.thresholds
      .filter(({ unit, outcome }) => unit === 's' && outcome === 'fail')
      .map(
        ({ threshold, value }) =>
          `${threshold}: ${value === undefined ? 'missed' : quantity(value, 's')}`,
      ),
    hasFaults: false,
  }
}

function cpuOf({ processes, seconds }: LoadResult): TargetCpu | undefined {
  const target = processes.find(({ role }) => role === 'target')
  if (target === undefined || seconds === 0) return undefined
  return { used: target.cpuSeconds / seconds, given: target.cpusGiven }
}

function driverWords({ drivers, stages }: LoadResult): string[] {
  const { busy, stalled } = drivers
  const latest = Math.max(0, ...stages.map(({ lateness }) => decode(lateness).percentile(99) / 1e6))
  return [
    ...(busy >= late.busy ? [`the busiest driver had work for ${percent(busy)} of the time`] : []),
    ...(stalled >= late.stalled
      ? [`a driver did not run for ${percent(stalled)} of the time`]
      : []),
    ...(latest >= 0.01
      ? [`1 % of the visits of a stage began ${quantity(latest, 's')} late or more`]
      : []),
  ]
}

/** The knee, or stages that were not sent as planned. */
function plateausOf(result: LoadResult, cpu: TargetCpu | undefined): Plateau[] {
  const { knee, stages, drivers } = result
  const bottleneck =
    cpu !== undefined && cpu.used >= 0.85 * cpu.given
      ? 'target'
      : drivers.busy >= late.busy
        ? 'driver'
        : 'none'
  const { ramp, steady } = knee ?? {}
  if (knee !== undefined && knee.outcome !== 'not-reached' && (steady ?? ramp) !== undefined) {
    const rate = steady?.rate ?? ramp?.rate ?? 0
    const evidence = [
      `throughput stops following the load at ${rounded(rate)} req/s`,
      ...cpuEvidence({ cpu }),
    ]
    return [{ subject: result.scenario, evidence, bottleneck }]
  }
  return stages.flatMap(({ name, valid, planned, sent, notSent }): Plateau[] => {
    const missed = Object.entries(notSent)
    if (valid || missed.length === 0) return []
    const isDriver = missed.some(([kind]) => kind === 'not-sent-driver-late')
    const words = missed.map(([kind, n]) => `${kind} ${n}×`).join(', ')
    return [
      {
        subject: `stage ${name}`,
        evidence: [`${rounded(sent)} of ${rounded(planned)} visits were sent: ${words}`],
        bottleneck: isDriver ? 'driver' : bottleneck,
      },
    ]
  })
}
