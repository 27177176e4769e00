import type { Fault } from '../../plan/faults/fault.ts'
import type { Plan } from '../../plan/plan.ts'
import type { FaultFinding, Measurement, TrialRange } from '../../result/document.ts'
import {
  type Episode,
  type FaultResponse,
  faultResponse,
} from '../../stats/trial/fault-response.ts'

/** The effects of each fault of the plan over these trials of one arm; undefined where there are none. */
export function faultFindings(
  { faults = [] }: Pick<Plan, 'faults'>,
  trials: readonly Measurement[],
): FaultFinding[] | undefined {
  const watched = trials.filter(({ faultTimeline }) => faultTimeline !== undefined)
  if (faults.length === 0 || watched.length === 0) return undefined
  return faults.map((_, i) => findingOf(watched.flatMap((trial) => responseIn(trial, faults, i))))
}

function findingOf(responses: readonly FaultResponse[]): FaultFinding {
  const over = (metric: keyof FaultResponse) => rangeOf(responses.map((one) => one[metric]))
  const [detect, recover] = [over('detect'), over('recover')]
  const [shareBefore, shareDuring] = [over('shareBefore'), over('shareDuring')]
  return {
    failed: over('failed') ?? { n: 0 },
    ...(detect && { detect }),
    ...(recover && { recover }),
    ...(shareBefore && { shareBefore }),
    ...(shareDuring && { shareDuring }),
    maxP99: over('maxP99') ?? { n: 0 },
  }
}

/** Effects of the i-th fault between its actual start and end in a trial. */
function responseIn(
  { faultTimeline: course, windowSeconds }: Measurement,
  faults: readonly Fault[],
  i: number,
): FaultResponse[] {
  const { from, until } = course?.faults[i] ?? {}
  const fault = faults[i]
  if (course === undefined || fault === undefined || from === undefined) return []
  const later = faults.flatMap(({ backend }, j) => {
    const moment = course.faults[j]?.from
    return j > i && moment !== undefined ? [{ backend, from: moment }] : []
  })
  const episode: Episode = {
    ...{ from, until, backend: fault.backend - 1 },
    dead: fault.effect.kind === 'kill' || fault.effect.kind === 'restart',
    next: later[0]?.from ?? windowSeconds,
    again: later.find(({ backend }) => backend === fault.backend)?.from ?? windowSeconds,
    first: course.faults[0]?.from ?? from,
  }
  return [faultResponse(course, episode)]
}

/** Minimum, median and maximum; one that is infinite is absent. Undefined where no trial has a value. */
function rangeOf(values: readonly (number | undefined)[]): TrialRange | undefined {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b)
  const n = sorted.length
  if (n === 0) return undefined
  const at = (place: number) => sorted[place] as number
  const median = (at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2))) / 2
  const edges = { median, low: at(0), high: at(n - 1) }
  return { ...Object.fromEntries(Object.entries(edges).filter(([, v]) => Number.isFinite(v))), n }
}
