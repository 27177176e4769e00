import type { EngineFlags } from '../cli/engine-flags.ts'
import type { Engine } from '../engine/engine.ts'
import { engineOf } from '../engine/engine-of.ts'
import { UsageError } from '../kit/errors.ts'
import type { Plan } from '../plan/plan.ts'

/** Seconds besides the load within which everything on nodes must be over: starts, the last reports, the end. */
const slackSeconds = 120

/**
 * The engine of a run of so many seconds at most.
 *
 * @throws {UsageError} the flags do not fit together, or drivers on other hosts could not reach the target
 */
export async function engineFor(
  { engine, nodes, drivers }: EngineFlags & { readonly drivers?: number | undefined },
  { arms }: Pick<Plan, 'arms'>,
  seconds: number,
): Promise<Engine> {
  if (engine !== 'local' && arms.some(({ target }) => target !== 'url')) {
    throw new UsageError(
      `--engine ${engine}: drivers on other hosts cannot reach a target that lb starts on this one`,
      'start it where they can ("lb serve --host"), and give its address: --url',
    )
  }
  return await engineOf({ engine, nodes, drivers, maxSeconds: seconds + slackSeconds })
}
