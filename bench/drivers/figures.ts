import { pseudoMedian } from '../../src/stats/estimates/hodges-lehmann.ts'
import type { Ratio } from './bars.ts'
import type { Cost } from './measure.ts'

/** Figures of what was measured in several rounds, by name. */
export interface Figures {
  /** Median of one figure. */
  cost(name: string, part: keyof Cost): number
  /** One figure of the first as a multiple of that of the second, from the pairs of the rounds; undefined where one is missing. */
  ratio(part: 'driver' | 'server', name: string, base: string): Ratio | undefined
  /** The median lateness of an open loop, in µs, over the rounds. */
  late(name: string): Ratio | undefined
  /** `0.43 (0.41 to 0.46)`; a dash where it is missing. */
  text(ratio: Ratio | undefined): string
}

/** The figures of these rounds. */
export function figures(seen: ReadonlyMap<string, readonly Cost[]>): Figures {
  const values = (name: string, part: keyof Cost): number[] =>
    (seen.get(name) ?? []).flatMap((cost) => cost[part] ?? [])
  return {
    cost: (name, part) => median(values(name, part)),
    ratio(part, name, base) {
      const [own, others] = [values(name, part), values(base, part)]
      if (own.length === 0 || others.length === 0) return undefined
      return intervalOf(
        own.map((value, i) => Math.log(value / (others[i] as number))),
        Math.exp,
      )
    },
    late(name) {
      const own = values(name, 'lateMicros')
      return own.length === 0 ? undefined : intervalOf(own, (value) => value)
    },
    text: (ratio) =>
      ratio === undefined
        ? '–'
        : `${ratio.center.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`,
  }
}

function intervalOf(values: readonly number[], scale: (value: number) => number): Ratio {
  const { center, low, high } = pseudoMedian(values)
  return { center: scale(center), low: scale(low), high: scale(high) }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}
