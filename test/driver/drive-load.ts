import type { DriverReport } from '../../src/driver/driver.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
import type { Load } from '../../src/plan/plan.ts'

/** A short closed loop of four connections, with what differs from it. */
export function load(differs: Partial<Load> = {}): Load {
  return {
    driver: 'closed-loop',
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections: 4,
    warmup: { least: 0.1, most: 0.1 },
    duration: 0.5,
    timeout: 5,
    seed: 1,
    ...differs,
  }
}

/** A short open loop at so many requests a second, evenly spaced, with what differs from it. */
export function openLoad(rate: number, differs: Partial<Load> = {}): Load {
  return load({
    driver: 'open-loop',
    connections: 50,
    arrivals: { rate, spacing: 'constant', maxInFlight: 500 },
    ...differs,
  })
}

/** What a drive gave: the report, and the events that the driver told, in order. */
export interface DriveResult {
  readonly report: DriverReport
  readonly events: readonly string[]
}

/** Drives a load in a driver's own process. `opened` is called with its pid when the window opens. */
export async function driveLoad(
  what: Load,
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
    { load: what, url: url.href },
    { timeout: 60 },
  )
  return { report, events }
}
