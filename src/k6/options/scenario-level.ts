import type { K6Scenario } from '../../plan/load/k6-journey.ts'

/** The level of a scenario `seconds` after the load began; 0 outside it. */
export function levelAt({ startSeconds, ramps }: K6Scenario, seconds: number): number {
  let left = seconds - startSeconds
  if (left < 0) return 0
  for (const ramp of ramps) {
    if (left < ramp.seconds) return ramp.from + (ramp.to - ramp.from) * (left / ramp.seconds)
    left -= ramp.seconds
  }
  return 0
}

/** Integral of the level from the beginning of the load: iterations (open) or user-seconds (closed). */
export function areaUntil({ startSeconds, ramps }: K6Scenario, seconds: number): number {
  let left = seconds - startSeconds
  let area = 0
  for (const ramp of ramps) {
    if (left <= 0) break
    const part = Math.min(left, ramp.seconds)
    const end = ramp.from + (ramp.to - ramp.from) * (part / ramp.seconds)
    area += ((ramp.from + end) / 2) * part
    left -= ramp.seconds
  }
  return area
}

/** Seconds from the beginning of the load to the end of a scenario. */
export function endOf({ startSeconds, ramps }: K6Scenario): number {
  return startSeconds + ramps.reduce((sum, { seconds }) => sum + seconds, 0)
}
