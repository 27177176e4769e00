import { UsageError } from '../kit/errors.ts'
import { nearest } from '../kit/nearest.ts'
import { closedLoop } from './closed-loop.ts'
import type { Driver } from './driver.ts'
import { openLoop } from './open-loop.ts'

/** Every driver `lb` knows, in the order in which it lists them. */
export const drivers: readonly Driver[] = [closedLoop, openLoop]

/**
 * The driver of that name.
 * @throws {UsageError} there is none
 */
export function findDriver(name: string): Driver {
  const driver = drivers.find((one) => one.name === name)
  if (driver !== undefined) return driver
  const names = drivers.map((one) => one.name)
  throw new UsageError(
    `no driver is called "${name}"`,
    `Did you mean ${nearest(name, names) ?? names.join(' or ')}?`,
  )
}
