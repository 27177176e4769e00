import { UsageError } from '../../kit/errors.ts'
import { checkHostLimits, hostLimits } from '../../lab/host-limits.ts'
import type { Plan } from '../../plan/plan.ts'
import { timeOf } from '../../plan/plan-time.ts'
import { requireAvailable } from '../../targets/require-available.ts'
import { checkSettings } from './check-settings.ts'
import { openLoopInFlight } from './trial.ts'

/**
 * Checks, before anything starts, that a plan can run here: its targets can, so many connections may be open,
 * and what it may take is enough for the fewest blocks that it may end with.
 *
 * @throws {UsageError} that says what is missing
 */
export async function checkPlan(plan: Plan): Promise<void> {
  const names = plan.arms.map(({ target }) => target)
  await requireAvailable(names)
  checkSettings(plan)
  const open = plan.phases.includes('latency') ? openLoopInFlight : 0
  checkHostLimits(Math.max(plan.connections, open), hostLimits())
  checkTime(plan)
}

/**
 * Checks that the fewest blocks that a plan may end with fit into the time that it may take.
 *
 * @throws {UsageError} that says how long they take
 */
export function checkTime(plan: Plan): void {
  const { arms, stop } = plan
  const allowed = stop?.maxSeconds
  const { least } = timeOf(plan)
  if (allowed === undefined || least <= allowed) return
  const blocks = stop?.least === 1 ? 'one block' : `${stop?.least} blocks`
  throw new UsageError(
    `${arms.length} arms take about ${Math.ceil(least)} s for ${blocks} of each phase, and the time is ${Math.floor(allowed)} s`,
    `give --max-time ${Math.ceil(1.25 * least)}s, or fewer arms; --dry-run prints the schedule`,
  )
}
