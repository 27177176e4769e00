import type { ResultDocument } from '../../src/result/document.ts'
import type { Chart } from './chart.ts'
import { latencyLoad } from './latency-load.ts'
import { latencyPercentiles } from './latency-percentiles.ts'
import { overTime } from './over-time.ts'
import { cpu, memory } from './process-costs.ts'
import { processCourses } from './process-courses.ts'
import { scaling } from './scaling.ts'
import { shares } from './shares.ts'
import { throughput } from './throughput.ts'
import { underFaults } from './under-faults.ts'

/** Every kind of chart, in the order in which a report shows them. Each draws what the result has of it. */
const kinds: readonly ((document: ResultDocument) => Chart[])[] = [
  // Two stand beside each other on a page: those of like height.
  ...[throughput, cpu],
  ...[latencyPercentiles, latencyLoad, scaling],
  ...[memory, shares, overTime, processCourses],
  underFaults,
]

/** All charts that a result has figures for. */
export function chartsOf(document: ResultDocument): Chart[] {
  return kinds.flatMap((kind) => kind(document))
}
