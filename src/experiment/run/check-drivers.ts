import { packages, refusal } from '../../driver/external/refusal.ts'
import { which } from '../../host/which.ts'
import { UsageError } from '../../kit/errors.ts'
import { type ExternalDriver, externalDriver, type Plan } from '../../plan/plan.ts'

/**
 * Checks that the external drivers of a plan are installed, and can send its request to its targets.
 *
 * @throws {UsageError} one is missing, with its package, or cannot
 */
export function checkDrivers(plan: DriversOf, find = which): void {
  const driver = externalDriver.safeParse(plan.driver).data
  const drivers = { driver, witness: plan.witness }
  for (const flag of ['driver', 'witness'] as const) {
    const name = drivers[flag]
    if (name === undefined) continue
    checkInstalled(flag, name, find)
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
  name: ExternalDriver,
  { request, settings = {} }: DriversOf,
): void {
  const refused = [undefined, ...Object.values(settings)]
    .map((own) => refusal(name, { request, url: own?.url, insecure: own?.insecure }))
    .find((one) => one !== undefined)
  if (refused !== undefined)
    throw new UsageError(`--${flag} ${name}: ${refused.why}`, refused.remedy)
}
