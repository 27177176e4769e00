import type { DriverReport } from '../../src/driver/driver.ts'
import { entry } from '../../src/kit/entry.ts'
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

/** Drives a load in a driver's own process; also gives the events that it told, in order. */
export async function drive(
  what: Load,
  url: URL,
): Promise<{ report: DriverReport; events: readonly string[] }> {
  const file = entry('../../src/driver/main', import.meta.url)
  await using driver = await startProcess({ name: 'the driver', file })
  const events: string[] = []
  driver.on('opened', () => events.push('opened'))
  driver.on('closed', () => events.push('closed'))
  await driver.ask('start', {})
  const report = await driver.ask<DriverReport>(
    'drive',
    { load: what, url: url.href },
    { timeout: 60 },
  )
  return { report, events }
}
