import { setTimeout as wait } from 'node:timers/promises'
import { afterAll } from 'vitest'
import type { LoadControl } from '../../src/driver/driver.ts'
import { driveFleet, type FleetReport } from '../../src/driver/fleet/drive-fleet.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { type LabProcess, startProcess } from '../../src/lab/process.ts'
import type { Load } from '../../src/plan/plan.ts'

/** A short closed loop of four connections, with these changes. */
export function load(changes: Partial<Load> = {}): Load {
  return {
    driver: 'autocannon',
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections: 4,
    warmup: { least: 0.1, most: 0.1 },
    duration: 0.5,
    timeout: 5,
    seed: 1,
    ...changes,
  }
}

/** A short open loop at so many requests per second, evenly spaced, with these changes. */
export function openLoad(rate: number, changes: Partial<Load> = {}): Load {
  return load({
    driver: 'open-loop',
    connections: 50,
    arrivals: { rate, spacing: 'constant', maxInFlight: 500 },
    ...changes,
  })
}

/** The phases of a load without a coordinator: it begins at once, and its window opens after the minimum warm-up. */
export function uncoordinated(
  { warmup }: Load,
  opened: () => void = () => {},
  closed: () => void = () => {},
): LoadControl {
  return {
    async ready() {},
    async warmUp() {
      await wait(warmup.least * 1e3)
      return { seconds: warmup.least, steady: true }
    },
    warmedUp() {},
    opened,
    closed,
  }
}

/** The report of a driver, and its notifications in order. */
interface DriveResult {
  readonly report: FleetReport
  readonly events: readonly string[]
}

/** Runs a load in a driver process. `opened` is called with its pid when the window opens. */
type DriveLoad = (options: Load, url: URL, opened?: (pid: number) => void) => Promise<DriveResult>

/** Runs the loads of all tests of a file in one driver process, as that of a run serves one trial after the other. */
export function driveLoads(): DriveLoad {
  let driver: LabProcess | undefined
  afterAll(() => driver?.stop())
  return async (options, url, opened) => {
    driver ??= await startDriver()
    try {
      return await driveBy(driver, { options, url, opened })
    } catch (error) {
      await driver.stop()
      driver = undefined
      throw error
    }
  }
}

function startDriver(): Promise<LabProcess> {
  const file = modulePath('../../src/driver/main', import.meta.url)
  return startProcess({ name: 'the driver', file })
}

interface Driven {
  readonly options: Load
  readonly url: URL
  readonly opened: ((pid: number) => void) | undefined
}

async function driveBy(driver: LabProcess, { options, url, opened }: Driven): Promise<DriveResult> {
  const events: string[] = []
  const report = await driveFleet([driver], {
    ...{ load: options, url, signal: new AbortController().signal },
    opened() {
      events.push('opened')
      opened?.(driver.pid)
    },
    closed: () => events.push('closed'),
  })
  return { report, events }
}
