import { packages, refusal } from '../../driver/external/refusal.ts'
import { which } from '../../host/which.ts'
import { UsageError } from '../../kit/errors.ts'
import { type ExternalDriver, externalDriver, type Plan } from '../../plan/plan.ts'

/**
 * Checks that the drivers that a plan names can send its request to its targets, and that external ones are installed.
 *
 * @throws {UsageError} one is missing, with its package, or cannot
 */
export function checkDrivers(plan: DriversOf, find = which): void {
  const drivers = { driver: plan.driver, witness: plan.witness }
  for (const flag of ['driver', 'witness'] as const) {
    const name = drivers[flag]
    if (name === undefined || name === 'auto' || name === 'lean') continue
    const external = externalDriver.safeParse(name).data
    if (external !== undefined) checkInstalled(flag, external, find)
    checkRequest(flag, name, plan)
  }
}

type DriversOf = Pick<Plan, 'driver' | 'witness' | 'request' | 'settings'>

function checkInstalled(flag: string, name: ExternalDriver, find: typeof which): void {
  if (find(name) === undefined) {
    throw new UsageError(
      `--${flag} ${name}: ${name} is not installed`,
      `install the package ${packages[name]} (Debian, Ubuntu), or omit --${flag}`,
    )
  }
}

function checkRequest(
  flag: string,
  name: Parameters<typeof refusal>[0],
  { request, settings = {} }: DriversOf,
): void {
  const refused = [undefined, ...Object.values(settings)]
    .map((own) => refusal(name, { request, ...own }))
    .find((one) => one !== undefined)
  if (refused !== undefined)
    throw new UsageError(`--${flag} ${name}: ${refused.why}`, refused.remedy)
}
