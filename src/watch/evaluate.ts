import type { Figure, Level, Rate } from './figure.ts'
import { histogramQuantile } from './histogram-quantile.ts'
import type { Sample, Samples } from './read-metrics.ts'

/** All metrics of a balancer at one time. */
export interface Scrape {
  /** Seconds of a clock that never goes back. */
  readonly at: number
  readonly samples: Samples
}

/** A value of a figure, by the labels that it is of; null where it has none. */
export interface FigureValue {
  readonly labels: Sample['labels']
  readonly value: number | null
}

/**
 * Computes a figure as of the last of several scrapes in a row, as Prometheus computes its query over the same scrapes. A
 * counter that goes back has begun at 0 again; one that is new has begun at 0. With one scrape only, rates have no value.
 */
export function evaluate(figure: Figure, scrapes: readonly Scrape[]): FigureValue[] {
  switch (figure.kind) {
    case 'rate':
      return rates(figure, scrapes)
    case 'level':
      return levels(figure, scrapes)
    case 'quantile': {
      const buckets = rates({ metric: `${figure.metric}_bucket`, sum: ['le'] }, scrapes)
      const counted = buckets.flatMap(({ labels, value }) =>
        value === null ? [] : [{ le: boundOf(labels.le), count: value }],
      )
      return [{ labels: {}, value: histogramQuantile(figure.q, counted) }]
    }
    case 'share': {
      const sum = rates(figure.of, scrapes)[0]?.value ?? 0
      const parts = rates(figure.part, scrapes)
      const shown =
        parts.length === 0 && figure.part.sum?.length === 0 ? [{ labels: {}, value: 0 }] : parts
      return shown.map(({ labels, value }) => ({
        labels,
        value: sum > 0 && value !== null ? value / sum : null,
      }))
    }
  }
}

function boundOf(le = ''): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)
}

function rates(
  { metric, where = {}, sum }: Pick<Rate, 'metric' | 'where' | 'sum'>,
  scrapes: readonly Scrape[],
): FigureValue[] {
  const [first, last] = [scrapes[0], scrapes.at(-1)]
  if (first === undefined || last === undefined) return []
  const matching = ({ samples }: Scrape): readonly Sample[] =>
    (samples.get(metric) ?? []).filter(({ labels }) =>
      Object.entries(where).every(([name, value]) => labels[name] === value),
    )
  const increases = new Map<string, { readonly labels: Sample['labels']; value: number }>()
  let before = valuesOf(matching(first))
  for (const scrape of scrapes.slice(1)) {
    const own = matching(scrape)
    for (const { labels, value } of own) {
      const key = keyOf(labels)
      const known = before.get(key) ?? 0
      const sofar = increases.get(key) ?? { labels, value: 0 }
      sofar.value += value >= known ? value - known : value
      increases.set(key, sofar)
    }
    before = valuesOf(own)
  }
  const seconds = last.at - first.at
  const all =
    seconds > 0
      ? [...increases.values()].map(({ labels, value }) => ({ labels, value: value / seconds }))
      : matching(last).map(({ labels }) => ({ labels, value: null }))
  return summed(all, sum)
}

function levels({ metric, sum }: Level, scrapes: readonly Scrape[]): FigureValue[] {
  return summed(scrapes.at(-1)?.samples.get(metric) ?? [], sum)
}

/** Adds up the values that agree in these labels; a sum with a part without a value has none. */
function summed(
  values: readonly FigureValue[],
  names: readonly string[] | undefined,
): FigureValue[] {
  const shown = values.map(({ labels, value }) => ({
    labels,
    value: value !== null && Number.isFinite(value) ? value : null,
  }))
  if (names === undefined) return shown
  const sums = new Map<string, FigureValue>()
  for (const { labels, value } of shown) {
    const own = Object.fromEntries(names.map((name) => [name, labels[name] ?? '']))
    const key = keyOf(own)
    const known = sums.get(key)
    const together = known === undefined ? value : plus(known.value, value)
    sums.set(key, { labels: own, value: together })
  }
  return [...sums.values()]
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

function valuesOf(samples: readonly Sample[]): Map<string, number> {
  return new Map(samples.map(({ labels, value }) => [keyOf(labels), value]))
}

function keyOf(labels: Sample['labels']): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
