import { UsageError } from '../../kit/errors.ts'
import type { K6Scenario } from '../../plan/load/k6-journey.ts'
import type { Stage } from '../../plan/load/load-plan.ts'
import { endOf, levelAt } from './scenario-level.ts'

/** Shorter parts than this (s) are the rounding of sums. */
const tinySeconds = 1e-6

/**
 * The stages of a load that does what all scenarios do together: the sum of their levels, cut where one of them changes
 * its slope.
 *
 * @throws {UsageError} scenarios of both models run at the same time, or there is nothing to run
 */
export function combineScenarios(scenarios: readonly K6Scenario[], file: string): Stage[] {
  const edges = [...new Set(scenarios.flatMap(edgesOf))].toSorted((one, other) => one - other)
  const stages: Stage[] = []
  for (const [at, end] of edges.entries()) {
    const begin = edges[at - 1] ?? 0
    const seconds = end - begin
    if (seconds < tinySeconds) continue
    const running = scenarios.filter(
      (one) => one.startSeconds < end - tinySeconds && endOf(one) > begin + tinySeconds,
    )
    const sum = (seconds: number) =>
      running.reduce((level, one) => level + levelAt(one, seconds), 0)
    // Levels jump at edges: both ends follow from two points inside the part.
    const [early, late] = [sum(begin + seconds / 4), sum(begin + (3 * seconds) / 4)]
    const toEdge = (late - early) / 2
    stages.push({
      name: '',
      seconds,
      model: modelOf(running, file) ?? stages.at(-1)?.model ?? scenarios[0]?.model ?? 'closed',
      from: rounded(early - toEdge),
      to: rounded(late + toEdge),
    })
  }
  if (stages.length === 0)
    throw new UsageError(`${file}: the options have no load`, 'give a duration above 0 s')
  return named(stages)
}

function edgesOf({ startSeconds, ramps }: K6Scenario): number[] {
  let edge = startSeconds
  return [edge, ...ramps.map(({ seconds }) => (edge += seconds))]
}

function modelOf(running: readonly K6Scenario[], file: string): Stage['model'] | undefined {
  const [first, ...others] = running
  const other = others.find(({ model }) => model !== first?.model)
  if (first !== undefined && other !== undefined)
    throw new UsageError(
      `${file}: scenarios ${first.name} and ${other.name} run at the same time, one with virtual users and one with an arrival rate`,
      'give one of them a startTime after the other, or the other kind of executor',
    )
  return first?.model
}

/** Without the digits that sums leave. */
function rounded(level: number): number {
  return Math.round(level * 1e9) / 1e9
}

/** Names by their slope, numbered where several have one name. */
function named(stages: readonly Stage[]): Stage[] {
  const slope = ({ from, to }: Stage): string =>
    from === to ? 'hold' : from < to ? 'ramp up' : 'ramp down'
  const names = stages.map(slope)
  return stages.map((stage, at) => {
    const name = names[at] as string
    const before = names.slice(0, at).filter((other) => other === name).length
    const isOne = names.indexOf(name) === names.lastIndexOf(name)
    return { ...stage, name: isOne ? name : `${name} ${before + 1}` }
  })
}
