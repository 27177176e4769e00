import { notify, serveRequests } from '../kit/rpc.ts'
import type { Load } from '../plan/plan.ts'
import { type ControlledLoad, controlledLoad } from './controlled-load.ts'
import type { DriverReport } from './driver.ts'
import { findDriver } from './index.ts'
import type { DriverLoad } from './journey/driver-load.ts'
import type { DriverLoadReport } from './journey/load-report.ts'
import type { TracedVisit } from './journey/trace.ts'

/**
 * The process of one driver of a fleet. `drive` responds with a DriverReport. Before, it sends `ready` and waits for
 * `begin`, sends `bins` and waits for `open`, and sends `opened` and `closed` (src/driver/controlled-load.ts); the other
 * side is src/driver/fleet/drive-fleet.ts. `abort` ends a load early: `drive` then fails.
 *
 * `load` drives its part of a load test, and responds with a DriverLoadReport. It sends `ready`, waits for `begin`, and
 * sends `samples`; the other side is src/driver/fleet/drive-load-fleet.ts. After `abort` it responds with a partial report.
 */
let abort = new AbortController()
let current: Pick<ControlledLoad, 'begin' | 'open'> | undefined

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
  async load(load: DriverLoad): Promise<DriverLoadReport> {
    abort = new AbortController()
    const { signal } = abort
    const begun = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => begun.resolve(), { once: true })
    current = { begin: begun.resolve, open: () => {} }
    const { driveLoad } = await import('./journey/drive-load.ts')
    if (load.warmUp !== undefined) {
      const { warmCode } = await import('./journey/warm-code.ts')
      await warmCode(load.warmUp, signal)
    }
    return driveLoad(load, {
      signal,
      ready() {
        notify('ready', null)
        return begun.promise
      },
      sample: (samples) => notify('samples', samples),
    })
  },
  async once(load: DriverLoad): Promise<TracedVisit[]> {
    const { driveOnce } = await import('./journey/drive-once.ts')
    return driveOnce(load)
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
