import type { LoadPlan, Stage } from '../../plan/load/load-plan.ts'
import type { LoadSample } from '../../result/load-sample.ts'
import type { LoadResult } from '../../result/schemas/load.ts'
import { decode, type Histogram, histogram } from '../../stats/histogram/histogram.ts'

type Bin = LoadResult['course'][number]

/** Collects samples to the bins of a result. */
export interface Course {
  add(sample: LoadSample): void
  bins(): Bin[]
}

/** Maximum bins of a course, as many as a chart can show; and the minimum length of one, in ms. */
const [maxBins, minBinMs] = [300, 100]

interface OpenBin {
  readonly stage: number
  atMs: number
  planned: number
  sent: number
  samples: number
  ok: number
  failed: number
  checksFailed: number
  readonly latency: Histogram
}

/** A course of so many seconds. Its memory depends on the number of bins only. */
export function loadCourse({ stages }: Pick<LoadPlan, 'stages'>): Course {
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0)
  const binMs = Math.max(minBinMs, Math.ceil((seconds * 1e3) / maxBins / 100) * 100)
  const done: Bin[] = []
  /** The bin of each stage that samples still come for. */
  const open = new Map<number, OpenBin>()
  let number = 0

  const close = (): void => {
    for (const bin of open.values()) done.push(closed(bin, stages[bin.stage] as Stage, binMs))
    open.clear()
  }
  return {
    add(sample) {
      // A sample that ends at the edge of a bin belongs to the bin before.
      const index = Math.max(0, Math.ceil(sample.atMs / binMs - 0.5) - 1)
      if (index > number) {
        close()
        number = index
      }
      const bin = open.get(sample.stage) ?? emptyBin(sample.stage)
      open.set(sample.stage, bin)
      bin.atMs = sample.atMs
      bin.samples++
      bin.planned += sample.planned
      bin.sent += sample.sent
      bin.ok += sample.ok
      bin.failed += Object.values(sample.failed).reduce((sum, one) => sum + one, 0)
      bin.checksFailed += sample.checks.failed
      if (sample.latency !== '') bin.latency.add(decode(sample.latency))
    },
    bins() {
      close()
      return done
    },
  }
}

function emptyBin(stage: number): OpenBin {
  return {
    ...{ stage, atMs: 0, planned: 0, sent: 0, samples: 0, ok: 0, failed: 0, checksFailed: 0 },
    latency: histogram(),
  }
}

function closed(bin: OpenBin, { model }: Stage, binMs: number): Bin {
  const { stage, atMs, samples, ok, failed, checksFailed, latency } = bin
  // Visits are added up to a rate; users are averaged.
  const per = model === 'open' ? binMs / 1e3 : samples
  const at = (percent: number) => (latency.count === 0 ? null : latency.percentile(percent) / 1e6)
  return {
    ...{ atMs, ms: binMs, stage, planned: bin.planned / per, sent: bin.sent / per },
    ...{ ok, failed, checksFailed, p50: at(50), p95: at(95), p99: at(99) },
  }
}
