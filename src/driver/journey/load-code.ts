import { pathToFileURL } from 'node:url'
import { UsageError } from '../../kit/errors.ts'
import type { JourneyPlan } from '../../plan/load/load-plan.ts'
import type { JourneyClient } from './client.ts'
import type { Journey } from './journey.ts'

/**
 * The journey of a module of the user, whose default export is an async function that gets the client of a visit.
 *
 * @throws {UsageError} the module cannot be loaded, or exports no function
 */
export async function loadCode({ name, weight, module = '' }: JourneyPlan): Promise<Journey> {
  const loaded = await import(pathToFileURL(module).href).catch((error: Error) => {
    throw new UsageError(
      `${module} cannot be loaded: ${error.message.split('\n', 1)[0]}`,
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
  return { name, weight, run: async (client: JourneyClient) => run(client) }
}
