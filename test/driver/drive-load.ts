import { setTimeout as wait } from 'node:timers/promises'
import type { LoadControl } from '../../src/driver/driver.ts'
import { driveFleet, type FleetReport } from '../../src/driver/fleet/drive-fleet.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
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
export interface DriveResult {
  readonly report: FleetReport
  readonly events: readonly string[]
}

/** Runs a load in a driver process. `opened` is called with its pid when the window opens. */
export async function driveLoad(
  options: Load,
  url: URL,
  opened: (pid: number) => void = () => {},
): Promise<DriveResult> {
  const file = modulePath('../../src/driver/main', import.meta.url)
  await using driver = await startProcess({ name: 'the driver', file })
  const events: string[] = []
  const report = await driveFleet([driver], {
    ...{ load: options, url, signal: new AbortController().signal },
    opened() {
      events.push('opened')
      opened(driver.pid)
    },
    closed: () => events.push('closed'),
  })
  return { report, events }
}
