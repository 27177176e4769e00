import { UsageError } from '../kit/errors.ts'
import type { K6Journey } from '../plan/load/k6-journey.ts'
import type { LoadPlan } from '../plan/load/load-plan.ts'
import type { K6Script } from './k6-script.ts'

/** A load test of a k6 script that can begin. */
interface PreparedScript {
  readonly load: LoadPlan
  /** Where its first request goes. */
  readonly url: string
  /** Calls `teardown()` of the script. */
  ended(): Promise<void>
}

/**
 * Calls `setup()` of a script, and completes its load test: with the data of the virtual users, and the address of the
 * first request as the target.
 *
 * @throws {ProcessError} `setup()` failed
 * @throws {UsageError} an iteration sends no request, so that there is no target
 */
export async function prepareScript(
  script: K6Script,
  { load, url }: { readonly load: LoadPlan; readonly url: string | undefined },
): Promise<PreparedScript> {
  const data = await script.setup()
  const first = url ?? (await script.firstUrl(data))
  if (first === undefined)
    throw new UsageError(
      'the script sends no request, so that there is no target',
      'give the address of the target: --url http://127.0.0.1:8080',
    )
  const { env, scenarios, settings, selectors } = script.plan
  const k6: K6Journey = { env, scenarios, settings, selectors, data }
  return {
    load: { ...load, journeys: load.journeys.map((journey) => ({ ...journey, k6 })) },
    url: new URL('/', first).href,
    ended: () => script.teardown(data),
  }
}
