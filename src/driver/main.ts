import { hrtimeOffsetMs } from '../kit/clock.ts'
import { notify, serveRequests } from '../kit/rpc.ts'
import type { Load } from '../plan/plan.ts'
import type { DriverReport } from './driver.ts'
import { findDriver } from './index.ts'

/**
 * The driver's process. `drive` responds with a DriverReport, and sends `opened` and `closed` at the edges of
 * the window, the first with its time in ms of `process.hrtime`. `abort` ends a load early: `drive` then fails.
 */
let drive = new AbortController()

serveRequests({
  /** Loads the modules of one driver ahead of its first load, where it is named. */
  async start({ driver }: { driver?: string }): Promise<void> {
    if (driver !== undefined) await findDriver(driver).prepare()
  },
  async drive({ load, url }: { load: Load; url: string }): Promise<DriverReport> {
    drive = new AbortController()
    const offsetMs = hrtimeOffsetMs()
    const listener = {
      opened: (atMs: number) => notify('opened', atMs + offsetMs),
      closed: () => notify('closed', null),
    }
    return findDriver(load.driver).drive(load, new URL(url), listener, drive.signal)
  },
  abort(): void {
    drive.abort()
  },
  stop(): void {
    drive.abort()
  },
})
