import { duration } from '../../kit/duration.ts'
import { UsageError } from '../../kit/errors.ts'
import type { K6Ramp, K6Scenario } from '../../plan/load/k6-journey.ts'

/** Options as the script exports them: of any type until they are read. */
export type OptionValues = Readonly<Record<string, unknown>>

type Executor = (
  scenario: OptionValues,
  where: string,
) => Pick<K6Scenario, 'model' | 'ramps' | 'iterations'>

/** k6's executors by name, with its defaults. */
export const executors: Readonly<Record<string, Executor>> = {
  'constant-vus': (scenario, where) => {
    const users = countIn(scenario.vus ?? 1, `${where}.vus`)
    const seconds = secondsIn(scenario.duration, `${where}.duration`)
    return { model: 'closed', ramps: [{ seconds, from: users, to: users }] }
  },
  'ramping-vus': (scenario, where) => ({
    model: 'closed',
    ramps: rampsIn(scenario.stages, {
      start: countIn(scenario.startVUs ?? 1, `${where}.startVUs`),
      unit: 1,
      where,
    }),
  }),
  'constant-arrival-rate': (scenario, where) => {
    const rate = countIn(scenario.rate, `${where}.rate`) / timeUnit(scenario, where)
    const seconds = secondsIn(scenario.duration, `${where}.duration`)
    return { model: 'open', ramps: [{ seconds, from: rate, to: rate }] }
  },
  'ramping-arrival-rate': (scenario, where) => {
    const unit = timeUnit(scenario, where)
    const start = countIn(scenario.startRate ?? 0, `${where}.startRate`) / unit
    return { model: 'open', ramps: rampsIn(scenario.stages, { start, unit, where }) }
  },
  'shared-iterations': (scenario, where) => ({
    ...untilDone(scenario, where),
    iterations: { count: countIn(scenario.iterations ?? 1, `${where}.iterations`), of: 'all' },
  }),
  'per-vu-iterations': (scenario, where) => ({
    ...untilDone(scenario, where),
    iterations: { count: countIn(scenario.iterations ?? 1, `${where}.iterations`), of: 'each' },
  }),
}

/**
 * Seconds of a duration in k6's options: `1m30s`, or a number of ms.
 * @throws {UsageError} it is neither
 */
export function secondsIn(value: unknown, where: string): number {
  const seconds = typeof value === 'number' ? value / 1000 : duration(String(value ?? ''))
  if (seconds === undefined || !(seconds >= 0))
    throw new UsageError(`${where} is ${JSON.stringify(value)}`, 'write a duration such as 1m30s')
  return seconds
}

function countIn(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new UsageError(`${where} is ${JSON.stringify(value)}`, 'write a number, 0 or more')
  return value
}

function timeUnit({ timeUnit: unit = '1s' }: OptionValues, where: string): number {
  return secondsIn(unit, `${where}.timeUnit`)
}

function untilDone(
  { vus = 1, maxDuration = '10m' }: OptionValues,
  where: string,
): Pick<K6Scenario, 'model' | 'ramps'> {
  const users = countIn(vus, `${where}.vus`)
  const seconds = secondsIn(maxDuration, `${where}.maxDuration`)
  return { model: 'closed', ramps: [{ seconds, from: users, to: users }] }
}

/** Stages `{ duration, target }` from a first level; a stage of 0 s is a jump. */
function rampsIn(
  stages: unknown,
  { start, unit, where }: { readonly start: number; readonly unit: number; readonly where: string },
): K6Ramp[] {
  if (!Array.isArray(stages))
    throw new UsageError(`${where}.stages is no list`, "write [{ duration: '1m', target: 100 }]")
  const ramps: K6Ramp[] = []
  let from = start
  for (const [at, stage] of (stages as OptionValues[]).entries()) {
    const seconds = secondsIn(stage.duration, `${where}.stages[${at}].duration`)
    const to = countIn(stage.target, `${where}.stages[${at}].target`) / unit
    if (seconds > 0) ramps.push({ seconds, from, to })
    from = to
  }
  return ramps
}
