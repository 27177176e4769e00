import type { EngineFlags } from '../cli/engine-flags.ts'
import type { Engine } from '../engine/engine.ts'
import { engineOf } from '../engine/engine-of.ts'
import { UsageError } from '../kit/errors.ts'
import type { Plan } from '../plan/plan.ts'

/** Seconds besides the load within which everything on nodes must be over: starts, the last reports, the end. */
const slackSeconds = 120

/** Flags that an engine depends on. */
interface FlagsOfEngine extends EngineFlags {
  readonly drivers?: number | undefined
  readonly profile?: readonly string[] | undefined
}

/**
 * The engine of a run of so many seconds at most.
 *
 * @throws {UsageError} the flags do not fit together, or drivers on other hosts could not reach the target
 */
export async function engineFor(
  { engine: name, nodes, drivers, profile }: FlagsOfEngine,
  plan: Pick<Plan, 'arms' | 'faults'>,
  seconds: number,
): Promise<Engine> {
  const engine = await engineOf({
    ...{ engine: name, nodes, drivers },
    maxSeconds: seconds + slackSeconds,
  })
  if (name !== 'local') checkReach(engine, plan)
  if (name !== 'local' && profile !== undefined) {
    throw new UsageError(
      `--engine ${name}: --profile profiles processes of this host`,
      'omit one of them',
    )
  }
  return engine
}

/** How nodes for all roles are named. */
const allRoles = '--nodes drivers=…,backends=…,target=…'

/** Checks that all that a plan starts runs on nodes, where drivers reach it. */
function checkReach(
  { name, starts }: Engine,
  { arms, faults }: Pick<Plan, 'arms' | 'faults'>,
): void {
  const targets = new Set(arms.map(({ target }) => target))
  const [other] = [...targets].filter((one) => !['url', 'direct', 'reference'].includes(one))
  if (other !== undefined) {
    throw new UsageError(
      `--engine ${name}: lb cannot start ${other} on a node, only its own balancer (reference)`,
      'start it where drivers can reach it, and give its address: --url',
    )
  }
  if (targets.has('reference') && !(starts.target && starts.backends)) {
    throw new UsageError(
      `--engine ${name}: drivers on other hosts cannot reach a target that lb starts on this one`,
      `name nodes for it and for backends: ${allRoles}; or start it where they can reach it, and give its address: --url`,
    )
  }
  if (targets.has('direct') && !starts.backends) {
    throw new UsageError(
      `--engine ${name}: the control (direct) needs backends that drivers on other hosts can reach`,
      'use --no-control, or name a node for them: --nodes drivers=…,backends=…',
    )
  }
  if (faults !== undefined) {
    throw new UsageError(
      `--engine ${name}: faults are injected by the clock of this host`,
      'omit --engine, or measure a scenario without faults',
    )
  }
}
