import { pathToFileURL } from 'node:url'
import { UsageError } from '../../kit/errors.ts'
import { scriptError } from '../../kit/script-error.ts'
import type { JourneyPlan } from '../../plan/load/load-plan.ts'
import { codeClient } from './code-client.ts'
import type { Journey } from './journey.ts'
import type { DriverPlace } from './visit-times.ts'

/**
 * The journey of a module of the user: a k6 script, or a module whose default export is an async function that gets the
 * client of a visit. Errors in it name its file and line.
 *
 * @throws {UsageError} the module cannot be loaded, or exports no function
 */
export async function loadCode(plan: JourneyPlan, place: DriverPlace): Promise<Journey> {
  const { name, weight, module = '', k6 } = plan
  if (k6 !== undefined) {
    // Its parser is loaded where there is a script.
    const { k6Journey } = await import('../../k6/k6-journey.ts')
    return k6Journey({ name, weight, file: module, k6, place })
  }
  const loaded = await import(pathToFileURL(module).href).catch((error: Error) => {
    throw new UsageError(
      `${module} cannot be loaded: ${scriptError(error).message.split('\n', 1)[0]}`,
      'correct the module: Node runs it as it is, without its types',
    )
  })
  const run: unknown = loaded.default
  if (typeof run !== 'function') {
    throw new UsageError(
      `${module} has no default export that is a function`,
      'export default async function (client) { … }',
    )
  }
  return {
    name,
    weight,
    async run(client) {
      try {
        await run(codeClient(client))
      } catch (error) {
        throw scriptError(error)
      }
    },
  }
}
