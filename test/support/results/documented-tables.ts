import { type DocumentedMetric, type Figure, figure } from '../../../src/plan/documented/figure.ts'
import type { Documented, DocumentedLoad } from '../../../src/plan/documented/read-documented.ts'

/** An arm as `[algorithm, documented cores, cores]`, and tables as `title: [metric, { arm: figure }]`. */
export interface DocumentedOptions {
  readonly arms: Readonly<Record<string, readonly [string, number, number?]>>
  readonly tables: Readonly<
    Record<string, readonly [DocumentedMetric, Readonly<Record<string, string>>]>
  >
  readonly loads?: readonly DocumentedLoad[]
}

/** Documented tables, built without a file. */
export function makeDocumented({ arms, tables, loads = [] }: DocumentedOptions): Documented {
  return {
    name: 'built',
    title: 'A built document',
    loads,
    arms: Object.fromEntries(
      Object.entries(arms).map(([name, [algorithm, documentedCores, cores = documentedCores]]) => [
        name,
        { target: 'reference', algorithm, documentedCores, cores },
      ]),
    ),
    tables: Object.entries(tables).map(([title, [metric, figures]]) => ({
      title,
      metric,
      figures: Object.entries(figures).map(([arm, text]) => ({
        ...(figure(text, metric) as Figure),
        arm,
      })),
    })),
    measure: {
      request: { method: 'GET', path: '/', bodyBytes: 0 },
      backends: [
        {
          ...{ weight: 1, responseBytes: 128, concurrency: 0, errorRate: 0 },
          serviceTime: { kind: 'none' },
        },
      ],
      warmup: { least: 1, most: 2 },
      ...{ duration: 2, timeout: 10, trials: 8, maxTime: 540, control: true },
    },
  }
}
