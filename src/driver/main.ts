import { notify, serveRequests } from '../kit/rpc.ts'
import type { Load } from '../plan/plan.ts'
import { type ControlledLoad, controlledLoad } from './controlled-load.ts'
import type { DriverReport } from './driver.ts'
import { findDriver } from './index.ts'

/**
 * The process of one driver of a fleet. `drive` responds with a DriverReport. Before, it sends `ready` and waits for
 * `begin`, sends `bins` and waits for `open`, and sends `opened` and `closed` (src/driver/controlled-load.ts); the other
 * side is src/driver/fleet/drive-fleet.ts. `abort` ends a load early: `drive` then fails.
 */
let abort = new AbortController()
let current: ControlledLoad | undefined

serveRequests({
  /** Loads the modules of one driver ahead of its first load, where it is named. */
  async start({ driver }: { driver?: string }): Promise<void> {
    if (driver !== undefined) await findDriver(driver).prepare()
  },
  async drive({
    load,
    url,
    observed = false,
  }: {
    load: Load
    url: string
    observed?: boolean
  }): Promise<DriverReport> {
    abort = new AbortController()
    const controlled = controlledLoad(notify, abort.signal, { observed })
    current = controlled
    try {
      const driver = findDriver(load.driver)
      return await driver.drive(load, new URL(url), controlled.control, abort.signal)
    } finally {
      controlled.end()
    }
  },
  begin(): void {
    current?.begin()
  },
  open({ steady }: { steady: boolean }): void {
    current?.open(steady)
  },
  abort(): void {
    abort.abort()
  },
  stop(): void {
    abort.abort()
  },
})
