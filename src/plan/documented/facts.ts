import type { DocumentedMetric, Figure } from './figure.ts'
import type { Documented, DocumentedArm } from './read-documented.ts'

/** One documented value, with its table, row and arm. */
export interface Fact {
  readonly table: string
  readonly metric: DocumentedMetric
  readonly row: string
  readonly arm: DocumentedArm
  readonly figure: Figure
}

/** Every value of the document, in its order. */
export function facts({ tables, arms }: Documented): Fact[] {
  return tables.flatMap(({ title, metric, figures }) =>
    figures.map((figure) => ({
      ...{ table: title, metric, row: figure.arm, figure },
      arm: arms[figure.arm] as DocumentedArm,
    })),
  )
}

/** Requests in flight of a row, by Little's law: throughput × mean latency. */
export interface InFlight {
  readonly row: string
  readonly throughput: Fact
  readonly latency: Fact
  readonly requests: number
}

/**
 * The rows with both a documented throughput and a mean latency, with the requests in flight that they imply.
 *
 * Source: Little, Operations Research 9(3), 1961.
 */
export function inFlight(documented: Documented): InFlight[] {
  const all = facts(documented)
  return Object.keys(documented.arms).flatMap((row) => {
    const of = (metric: DocumentedMetric) =>
      all.find((one) => one.row === row && one.metric === metric)
    const [throughput, latency] = [of('throughput'), of('latencyMean')]
    if (throughput === undefined || latency === undefined) return []
    return [{ row, throughput, latency, requests: throughput.figure.value * latency.figure.value }]
  })
}
