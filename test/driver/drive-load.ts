import type { DriverReport } from '../../src/driver/driver.ts'
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

/** The report of a driver, and its notifications in order. */
export interface DriveResult {
  readonly report: DriverReport
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
  driver.on('opened', () => {
    events.push('opened')
    opened(driver.pid)
  })
  driver.on('closed', () => events.push('closed'))
  await driver.call('start', {})
  const report = await driver.call<DriverReport>(
    'drive',
    { load: options, url: url.href },
    { timeout: 60 },
  )
  return { report, events }
}
