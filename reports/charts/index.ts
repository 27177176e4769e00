import type { ResultDocument } from '../../src/result/document.ts'
import { changes } from './changes.ts'
import type { Chart } from './chart.ts'
import { effects } from './effects.ts'
import { faultTimelines } from './fault-timelines.ts'
import { latencyLoad } from './latency-load.ts'
import { latencyPercentiles } from './latency-percentiles.ts'
import { overTime } from './over-time.ts'
import { cpu, memory } from './process-costs.ts'
import { processTimelines } from './process-timelines.ts'
import { scaling } from './scaling.ts'
import { shares } from './shares.ts'
import { slowTimelines } from './slow-timeline.ts'
import { throughput } from './throughput.ts'

/** Every kind of chart, in the order of reports; each returns charts for the data that the result has. */
const kinds: readonly ((document: ResultDocument) => Chart[])[] = [
  // The answer first; a page has two columns: charts of equal height are neighbours.
  ...[effects, faultTimelines, throughput, scaling, changes],
  ...[latencyPercentiles, latencyLoad, slowTimelines, cpu, memory],
  ...[shares, overTime, processTimelines],
]

/** All charts that a result has figures for. */
export function chartsOf(document: ResultDocument): Chart[] {
  return kinds.flatMap((kind) => kind(document))
}
