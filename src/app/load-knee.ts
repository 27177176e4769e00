import { holdStages, judgeKnee, kneeOfRamps } from '../experiment/load/knee/judge-knee.ts'
import { type LoadRun, runLoad } from '../experiment/load/run-load.ts'
import { watchThresholds } from '../experiment/load/watch-thresholds.ts'
import { stageEdges } from '../plan/load/curve.ts'
import type { LoadPlan } from '../plan/load/load-plan.ts'
import type { LoadSample } from '../result/load-sample.ts'
import type { LoadResult } from '../result/schemas/load.ts'
import { joinedLoads } from './joined-loads.ts'

/** Stages that ramp: up and down. */
const ramps = 2

/**
 * Measures the knee of a target: drives the two ramps of the plan, then its other stages as holds around the knee that
 * the ramps show, in two runs with the same drivers' settings, and joins them into one result. Without a knee nothing
 * is held.
 *
 * @throws {ProcessError} as `runLoad`
 */
export async function loadKnee(run: LoadRun): Promise<LoadResult> {
  const { stages } = run.load
  const watch = watchThresholds(run.thresholds, { stages })
  const sampled = (samples: readonly LoadSample[]) => {
    for (const sample of samples) watch.add(sample)
    run.sampled?.(samples, () => watch.soFar())
  }
  // Thresholds are about all stages, which neither part knows.
  const isEnded = () => watch.stoppedBy !== undefined
  const part = { ...run, sampled, isEnded, thresholds: [] }
  const up = { ...run.load, stages: stages.slice(0, ramps) }
  const ramped = await driven(part, up)
  const seen = { stages: up.stages, samples: ramped.samples }
  const { complete } = ramped.result
  const found = complete && !isEnded() ? kneeOfRamps(seen) : undefined
  const around =
    found === undefined
      ? undefined
      : { ...run.load, stages: holdStages(found, stages[ramps]?.seconds ?? 1) }
  const offset = { stages: ramps, ms: (stageEdges(up.stages).at(-1) as number) * 1e3 }
  const held = around && (await driven(part, around, offset))
  const result = held ? joinedLoads(ramped.result, held.result, offset) : ramped.result
  const knee = judgeKnee(seen, held && around && { stages: around.stages, samples: held.samples })
  return {
    ...result,
    thresholds: watch.outcomes({ isCutShort: !result.complete, metrics: result.metrics }),
    ...(complete && { knee: asStored(knee) }),
  }
}

/** Runs a part of the load; others see its samples behind those of the part before. */
async function driven(
  run: LoadRun,
  load: LoadPlan,
  offset = { stages: 0, ms: 0 },
): Promise<{ readonly result: LoadResult; readonly samples: readonly LoadSample[] }> {
  const samples: LoadSample[] = []
  const result = await runLoad({
    ...{ ...run, load },
    sampled: (some, thresholds) => {
      samples.push(...some)
      const placed = some.map((one) => ({
        ...one,
        ...{ atMs: one.atMs + offset.ms, stage: one.stage + offset.stages },
      }))
      run.sampled?.(placed, thresholds)
    },
  })
  return { result, samples }
}

function asStored(found: ReturnType<typeof judgeKnee>): NonNullable<LoadResult['knee']> {
  const { steady, ...rest } = found
  return { ...rest, ...(steady && { steady: { ...steady, holds: [...steady.holds] } }) }
}
