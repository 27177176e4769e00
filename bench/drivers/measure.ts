import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startProcess } from '../../src/lab/process.ts'
import { meterProcesses } from '../../src/meter/process.ts'
import { processFamily } from '../../src/meter/process-family.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import { type Arm, connections } from './arms.ts'
import type { Server } from './servers.ts'

/** Seconds of load before the window. */
const settleSeconds = 1.5
/** Seconds of the window. */
export const windowSeconds = 3

/** CPU-µs a request of driver and server, requests per second, and how much of a CPU the driver used. */
export interface Cost {
  readonly driver: number
  readonly server: number
  readonly rate: number
  readonly busy: number
  /** Median lateness of an open loop, in µs. */
  readonly lateMicros?: number | undefined
}

/** Measures one driver in a new process on these CPUs, against a server. */
export async function measure(
  { module, drive }: Arm,
  server: Server,
  cpus: readonly number[],
): Promise<Cost> {
  const file = fileURLToPath(new URL(module, import.meta.url))
  await using driver = await startProcess({ name: 'the driver', file, cpus })
  const idle = await server.received()
  const driven = drive(driver, server.url, settleSeconds + windowSeconds + 0.5)
  await Promise.race([driven, begun(server, idle)])
  await wait(settleSeconds * 1e3)
  const meters = [() => processFamily(driver.pid), server.pids].map(meterProcesses)
  const before = await server.received()
  const openedMs = performance.now()
  for (const meter of meters) meter.open()
  await wait(windowSeconds * 1e3)
  for (const meter of meters) meter.close()
  const seconds = (performance.now() - openedMs) / 1e3
  const requests = (await server.received()) - before
  const lateness = await driven
  const [own = 0, other = 0] = meters.map((meter) => {
    const { userSeconds, systemSeconds } = meter.usage()
    return userSeconds + systemSeconds
  })
  return {
    driver: (own / requests) * 1e6,
    server: (other / requests) * 1e6,
    rate: requests / seconds,
    busy: own / seconds,
    lateMicros: lateness === undefined ? undefined : decode(lateness).percentile(50),
  }
}

/** Waits until the server has received requests of the driver, which loads its modules first. */
async function begun(server: Server, idle: number): Promise<void> {
  // Reading the counter of nginx is a request, too.
  while ((await server.received()) - idle < connections) await wait(20)
}
