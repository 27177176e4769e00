import { UsageError } from '../../kit/errors.ts'
import { checkHostLimits, hostLimits } from '../../lab/host-limits.ts'
import type { Plan } from '../../plan/plan.ts'
import { timeOf } from '../../plan/plan-time.ts'
import { requireAvailable } from '../../targets/require-available.ts'
import { checkUrlSettings } from '../../targets/url.ts'
import { checkDrivers } from './check-drivers.ts'
import { checkSettings } from './check-settings.ts'

/**
 * Checks that a plan can run on this host: its targets are installed and configured, the host limits allow its
 * connections, and its maximum time allows the minimum number of blocks.
 *
 * @throws {UsageError} it cannot; with the remedy
 */
export async function checkPlan(plan: Plan): Promise<void> {
  const names = plan.arms.map(({ target }) => target)
  await requireAvailable(names)
  checkSettings(plan)
  if (plan.settings?.url !== undefined) await checkUrlSettings(plan.settings.url)
  checkDrivers(plan)
  checkHostLimits(plan.connections, hostLimits())
  checkTime(plan)
}

/**
 * Checks that the minimum number of blocks fits into the maximum time of a plan.
 *
 * @throws {UsageError} it does not; with the time that they take
 */
export function checkTime(plan: Plan): void {
  const { arms, stop } = plan
  const maxSeconds = stop?.maxSeconds
  const { least } = timeOf(plan)
  if (maxSeconds === undefined || least <= maxSeconds) return
  const blocks =
    stop?.least === 1 ? '1 block of each phase takes' : `${stop?.least} blocks of each phase take`
  throw new UsageError(
    `${blocks} about ${Math.ceil(least)} s for ${arms.length} arms, more than the maximum time of ${Math.floor(maxSeconds)} s`,
    `use --max-time ${Math.ceil(1.25 * least)}s, or fewer arms; --dry-run prints the schedule`,
  )
}
