import { UsageError } from '../kit/errors.ts'
import { nearest } from '../kit/nearest.ts'
import { autocannonDriver } from './autocannon-driver.ts'
import type { Driver } from './driver.ts'
import { h2loadDriver } from './external/h2load-driver.ts'
import { wrkDriver } from './external/wrk-driver.ts'
import { leanDriver } from './lean-driver.ts'
import { openLoop } from './open-loop.ts'
import { visits } from './visits.ts'

/** All drivers, in the order in which `lb` lists them. */
export const drivers: readonly Driver[] = [
  autocannonDriver,
  leanDriver,
  wrkDriver,
  h2loadDriver,
  openLoop,
  visits,
]

/**
 * The driver of that name.
 * @throws {UsageError} there is no such driver
 */
export function findDriver(name: string): Driver {
  const driver = drivers.find((one) => one.name === name)
  if (driver !== undefined) return driver
  const names = drivers.map((one) => one.name)
  throw new UsageError(
    `there is no driver "${name}"`,
    `Did you mean ${nearest(name, names) ?? names.join(' or ')}?`,
  )
}
