import { percent } from '../../src/kit/units.ts'
import type { Measurement, ResultDocument } from '../../src/result/document.ts'
import type { ByCause, Slow, SlowCause } from '../../src/result/schemas/slow.ts'
import { armTrials } from './arm-trials.ts'

/** The words for each cause, as it follows a share: `61 % garbage collection of the target`. At most 33 letters: a legend on a phone has them. */
export const causeWords: Readonly<Record<SlowCause, string>> = {
  'target-gc': 'garbage collection of the target',
  'target-loop': 'event-loop delay of the target',
  'target-run-queue': 'run-queue wait of the target',
  'target-connect': 'new connection to a backend',
  retry: 'retry at another backend',
  'backends-run-queue': 'run-queue wait of the backends',
  'backend-queue': 'queue at a backend',
  ejection: 'queue while a backend was ejected',
  'driver-gc': 'garbage collection of the driver',
  'driver-loop': 'event-loop delay of the driver',
  'driver-run-queue': 'run-queue wait of the driver',
  'driver-late': 'driver late without another cause',
  'new-connection': 'new connection to the target',
  'connections-in-use': 'all connections in use',
  steal: 'steal time of the host',
  unexplained: 'unexplained',
}

/** Causes that are named; the rest is added up. */
const mostNamed = 4

/** The causes by their shares, the most frequent first, `unexplained` last and always there: `61 % …, 39 % unexplained`. */
export function causeShares(counts: ByCause): string {
  const all = Object.entries(counts) as [SlowCause, number][]
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  const share = (count: number) => percent(count / total)
  const named = all.filter(([cause]) => cause !== 'unexplained').toSorted(([, a], [, b]) => b - a)
  const rest = named.slice(mostNamed).reduce((sum, [, count]) => sum + count, 0)
  return [
    ...named.slice(0, mostNamed).map(([cause, count]) => `${share(count)} ${causeWords[cause]}`),
    ...(rest > 0 ? [`${share(rest)} other causes`] : []),
    `${share(counts.unexplained ?? 0)} ${causeWords.unexplained}`,
  ].join(', ')
}

/** The causes of several trials together. */
function sumOfCauses(all: readonly ByCause[]): ByCause {
  const sums: ByCause = {}
  for (const [cause, count] of all.flatMap((one) => Object.entries(one) as [SlowCause, number][])) {
    sums[cause] = (sums[cause] ?? 0) + count
  }
  return sums
}

/** How many there are. */
export function countOf(counts: ByCause): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** The causes of slow requests in all arms of the phase that shows latency, and of the stalls of all of its trials. */
export function slowLines(document: ResultDocument): string[] {
  const arms = slowArms(document)
  const requests = sumOfCauses(arms.flatMap(({ slow }) => slow.map((one) => one.requests)))
  if (countOf(requests) === 0) return []
  const stalls = sumOfCauses(arms.flatMap(({ slow }) => slow.map((one) => one.stalls)))
  return [causeShares(requests), ...stallLines(stalls)]
}

/** A line for each arm: `round-robin ×1: 40 requests: 61 % …`. */
export function slowLinesByArm(document: ResultDocument): string[] {
  return slowArms(document).flatMap(({ name, slow }) => {
    const requests = sumOfCauses(slow.map((one) => one.requests))
    const stalls = sumOfCauses(slow.map((one) => one.stalls))
    const shown = [
      `${countOf(requests)} slowest requests: ${causeShares(requests)}`,
      ...stallLines(stalls),
    ]
    return [`${name}: ${shown.join('; ')}`]
  })
}

/** `stalls of throughput (3): 100 % …`; nothing where there was none. */
export function stallLines(stalls: ByCause): string[] {
  const count = countOf(stalls)
  return count === 0 ? [] : [`stalls of throughput (${count}): ${causeShares(stalls)}`]
}

/** The arms other than the control with the slowest requests of their trials: of the latency phase, where there is one. */
function slowArms(document: ResultDocument): { name: string; slow: readonly Slow[] }[] {
  const of = (phase: 'capacity' | 'latency') =>
    armTrials(document, phase)
      .filter(({ row }) => row.arm.name !== document.plan.control)
      .map(({ name, trials }) => ({ name, slow: slowOf(trials) }))
      .filter(({ slow }) => slow.length > 0)
  const latency = of('latency')
  return latency.length > 0 ? latency : of('capacity')
}

function slowOf(trials: readonly Measurement[]): Slow[] {
  return trials.flatMap(({ slow }) => (slow && countOf(slow.requests) > 0 ? [slow] : []))
}
