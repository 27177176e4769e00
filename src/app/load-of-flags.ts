import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { RequestFlags } from '../cli/request-flags.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { isK6Script } from '../k6/is-k6-script.ts'
import { UsageError } from '../kit/errors.ts'
import { nearest } from '../kit/nearest.ts'
import { checkOf, checkRemedy } from '../plan/load/check.ts'
import type { JourneyPlan, LoadPlan, Stage } from '../plan/load/load-plan.ts'
import { loadPlanOf, requestJourney, timesScaled, withChecks } from '../plan/load/load-plan-of.ts'
import { type Shape, shapeStages, shapes } from '../plan/load/shapes.ts'
import { type Level, levelOf, levelRemedy, stageText } from '../plan/load/stage-text.ts'
import { chained } from '../plan/load/stages.ts'
import type { RequestPlan } from '../plan/plan.ts'
import type { Scenario } from '../plan/scenario.ts'
import { readLoadScenario } from '../plan/scenarios.ts'
import { type K6Script, openK6Script } from './k6-script.ts'
import { requestOverrides } from './request-overrides.ts'

/** Values of the flags that describe a load. */
export interface LoadOfFlags extends RequestFlags {
  readonly stage?: readonly string[] | undefined
  readonly shape?: string | undefined
  readonly check?: readonly string[] | undefined
  readonly threshold?: readonly string[] | undefined
  readonly only?: readonly string[] | undefined
  readonly 'time-scale': number
  readonly url?: string | undefined
  /** `NAME=VALUE` of `__ENV` of a k6 script. */
  readonly env?: readonly string[] | undefined
}

/** A load test, and the scenario that its target is of. */
export interface GivenLoad {
  readonly load: LoadPlan
  readonly scenario: Scenario
  /** The address that is loaded in place of a target of the scenario. */
  readonly url: string | undefined
  /** The k6 script that it runs, which is loaded until it is disposed of. */
  readonly script?: K6Script | undefined
}

/**
 * The load test that the argument and the flags of `lb load` describe. An address is loaded with one request; without
 * stages, 10 visits per second arrive for 10 seconds.
 *
 * @throws {UsageError} a flag or the file cannot be used
 */
export async function loadOfFlags(what: string, flags: LoadOfFlags): Promise<GivenLoad> {
  const isUrl = /^(?:https?:\/\/|unix:)/i.test(what)
  if (isUrl && flags.url !== undefined) {
    throw new UsageError('two addresses are given', 'give either a URL or --url')
  }
  if (!isUrl && /\.[cm]?[jt]s$/.test(what)) return await codeLoad(what, flags)
  const url = isUrl ? what : flags.url
  const { scenario: read, folder } = await readLoadScenario(isUrl ? 'smoke' : what, registry)
  const request = await requestOverrides({ ...flags, url: isUrl ? what : undefined })
  const scenario = {
    ...read,
    ...(isUrl && { name: hostOf(what) }),
    request: { ...(isUrl ? plainRequest : read.request), ...request },
  }
  const own = loadPlanOf(scenario, folder)
  const hasJourneys = scenario.journeys !== undefined
  if (hasJourneys && Object.keys(request).length > 0) {
    throw new UsageError(
      `${basename(what)} has journeys, which flags of the request cannot change`,
      'leave out --method, --path, --header and --body',
    )
  }
  const journeys = hasJourneys ? own.journeys : [requestJourney(scenario)]
  const stages = stagesOf(own.stages, flags)
  const given = {
    ...own,
    stages,
    journeys: withChecks(journeys, (flags.check ?? []).map(checkOfFlag)),
    thresholds: [...own.thresholds, ...(flags.threshold ?? [])],
  }
  return { load: timesScaled(onlyOf(given, flags.only ?? []), flags['time-scale']), scenario, url }
}

/** The host of an address, as the name of its load test. */
function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address
}

/** A load test whose journey is code: a k6 script with its options, or a module that takes its stages from flags. */
async function codeLoad(what: string, flags: LoadOfFlags): Promise<GivenLoad> {
  const code = readScript(what)
  const { scenario: smoke } = await readLoadScenario('smoke', registry)
  const scenario = { ...smoke, name: basename(what), request: plainRequest }
  const { url } = flags
  const file = resolve(what)
  const module = { name: basename(what), weight: 1, steps: [], module: file }
  const thresholds = flags.threshold ?? []
  const plain = { spacing: 'poisson', data: {}, journeys: [module], thresholds } as const
  if (!isK6Script(code)) {
    const load = { ...plain, stages: stagesOf([], flags) }
    return { load: timesScaled(load, flags['time-scale']), scenario, url }
  }
  const script = await openK6Script(file, envOf(flags.env ?? []), flags['time-scale'])
  const { visits, stages, spacing, ...own } = script.plan
  const isOther = flags.stage !== undefined || flags.shape !== undefined
  const load = {
    ...plain,
    spacing,
    thresholds: [...own.thresholds, ...thresholds],
    ...(isOther ? { stages: stagesOf([], flags) } : { stages, visits }),
  }
  return { load: onlyOf(load, flags.only ?? []), scenario, url, script }
}

function readScript(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read: ${(error as Error).message}`,
      'give the path of a k6 script, a TypeScript module, a .yaml file, or a URL',
    )
  }
}

function envOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      if (name === undefined || value === undefined)
        throw new UsageError(`--env "${text}" has no value`, 'use --env NAME=VALUE')
      return [name, value]
    }),
  )
}

const plainRequest: RequestPlan = { method: 'GET', path: '/', bodyBytes: 0 }

/** Visits per second without a level, and seconds without stages. */
const defaultLevel: Level = { model: 'open', level: 10 }

function stagesOf(own: readonly Stage[], { stage, shape }: LoadOfFlags): readonly Stage[] {
  if (stage !== undefined) {
    return chained(
      stage.map((text) => {
        const read = stageText(text)
        if (read === undefined) {
          throw new UsageError(
            `--stage "${text}" is not a stage`,
            'use --stage 1m:100/s (a ramp to it), --stage 5m@100/s (a hold), or users: --stage "1m:20 users"',
          )
        }
        const { seconds, level, isHold } = read
        return isHold ? { for: seconds, at: level } : { for: seconds, to: level }
      }),
    )
  }
  if (shape !== undefined) {
    const [name = '', level] = shape.split(/:(.*)/s)
    if (!shapes.some((one) => one === name)) {
      throw new UsageError(
        `unknown shape "${name}" in --shape`,
        `did you mean ${nearest(name, shapes) ?? shapes.join(', ')}?`,
      )
    }
    const read = level === undefined ? highest(own) : levelOf(level)
    if (read === undefined) throw new UsageError(`--shape "${shape}" has no level`, levelRemedy)
    return shapeStages(name as Shape, read)
  }
  return own.length > 0 ? own : shapeStages('smoke', defaultLevel)
}

function highest(stages: readonly Stage[]): Level {
  const levels = stages.flatMap(({ model, from, to }) => [
    { model, level: from },
    { model, level: to },
  ])
  return levels.toSorted((a, b) => b.level - a.level)[0] ?? defaultLevel
}

function checkOfFlag(text: string) {
  const check = checkOf(text)
  if (check !== undefined) return check
  throw new UsageError(`--check "${text}" is not a check`, checkRemedy)
}

/** The plan with only these journeys, or only these stages. */
function onlyOf(load: LoadPlan, names: readonly string[]): LoadPlan {
  if (names.length === 0) return load
  const known = [...load.journeys, ...load.stages].map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(
      `--only "${unknown}" is neither a journey nor a stage`,
      `did you mean ${nearest(unknown, known) ?? known.join(', ')}?`,
    )
  }
  const kept = <Named extends Stage | JourneyPlan>(all: readonly Named[]): readonly Named[] => {
    const some = all.filter(({ name }) => names.includes(name))
    return some.length > 0 ? some : all
  }
  return { ...load, stages: kept(load.stages), journeys: kept(load.journeys) }
}
