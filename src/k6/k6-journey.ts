import { readFileSync } from 'node:fs'
import type { JourneyClient } from '../driver/journey/client.ts'
import type { Journey } from '../driver/journey/journey.ts'
import { scriptError } from '../kit/script-error.ts'
import type { K6Journey } from '../plan/load/k6-journey.ts'
import { compileScript } from './runtime/compile-script.ts'
import { instantiate, type ScriptInstance } from './runtime/instantiate.ts'
import { scenarioSchedule } from './runtime/scenario-schedule.ts'
import { countSelected } from './runtime/selected-metrics.ts'
import { sharedState } from './runtime/shared-state.ts'

/** A journey that is a k6 script. */
export interface K6JourneyOptions {
  readonly name: string
  readonly weight: number
  /** Absolute path of the script. */
  readonly file: string
  readonly k6: K6Journey
  /** The place of its driver among those that share the load, from 0 (default: the only one). */
  readonly place?: { readonly driver: number; readonly drivers: number }
}

/** Instances of the script: of each user its own (closed model), or of any visit (open model), as in k6. */
interface Instances {
  take(client: JourneyClient, model: 'open' | 'closed'): Promise<ScriptInstance>
  giveBack(instance: ScriptInstance, model: 'open' | 'closed'): void
}

/**
 * The journey of a k6 script: a visit is one iteration of the function of its scenario. Each virtual user has its own
 * instance of the script's modules.
 *
 * @throws {UsageError} the script cannot be read
 * @throws {MistakesError} something in it cannot be run
 */
export function k6Journey({
  name,
  weight,
  file,
  k6,
  place = { driver: 0, drivers: 1 },
}: K6JourneyOptions): Journey {
  const script = compileScript(file, (path) => readFileSync(path, 'utf8'))
  const files = new Set(script.modules.map((module) => module.file))
  const shared = sharedState(k6.env, k6.settings, k6.selectors)
  const schedule = scenarioSchedule(k6.scenarios)
  const instances = instancesOf((id) => instantiate(script, shared, id))
  const begun = new Map<string, number>()
  /** Number of an iteration among all of its scenario: drivers take turns, so that no two are equal. */
  const iterationOf = (scenario: string): number => {
    const before = begun.get(scenario) ?? 0
    begun.set(scenario, before + 1)
    return place.driver + before * place.drivers
  }
  const hasOwnEnv = k6.scenarios.some(({ env }) => env !== undefined)
  let isFirst = true
  return {
    name,
    weight,
    async run(client) {
      if (isFirst) shared.startedAt = performance.now()
      isFirst = false
      const scenario = schedule.begin((performance.now() - shared.startedAt) / 1e3)
      const instance = await instances.take(client, scenario.model)
      const { user, exports } = instance
      user.client = client
      user.scenario = scenario.name
      user.scenarioIteration = iterationOf(scenario.name)
      const beganMs = performance.now()
      if (hasOwnEnv) {
        for (const name of Object.keys(user.env)) delete user.env[name]
        Object.assign(user.env, k6.env, scenario.env)
      }
      try {
        const run = exports[scenario.exec] as (data: unknown) => unknown
        await run(k6.data === undefined ? undefined : JSON.parse(k6.data))
        const took = performance.now() - beganMs
        countSelected(user, shared, { metric: 'iteration_duration', value: took })
        countSelected(user, shared, { metric: 'iterations', value: 1 })
      } catch (error) {
        throw scriptError(error, (path) => files.has(path))
      } finally {
        user.client = undefined
        user.groups.length = 0
        user.iteration += 1
        if (!k6.settings.noCookiesReset) user.jar.clearAll()
        schedule.end(scenario)
        instances.giveBack(instance, scenario.model)
      }
    },
  }
}

function instancesOf(make: (id: number) => Promise<ScriptInstance>): Instances {
  const ofUsers = new Map<number, ScriptInstance>()
  const free: ScriptInstance[] = []
  let made = 0
  return {
    async take({ visitor }, model) {
      if (model === 'open') return free.pop() ?? (await make(++made))
      const known = ofUsers.get(visitor) ?? (await make(visitor))
      ofUsers.set(visitor, known)
      return known
    },
    giveBack(instance, model) {
      if (model === 'open') free.push(instance)
    },
  }
}
