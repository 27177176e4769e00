import { compileCache } from '../../lab/compile-cache.ts'
import type { Placement } from '../../lab/cores.ts'
import { type LabProcess, startProcess } from '../../lab/process.ts'
import type { CpuSetMeter } from '../../meter/index.ts'
import { meterProcesses } from '../../meter/process.ts'

/** The report of a meter on one CPU set, and its own cost. */
type CpuSetReport<Report> = Report & {
  readonly cpus: number[]
  /** CPU-seconds that the meter itself used in the window. */
  readonly cpuSeconds: number
}

/** One meter process on each CPU set of a trial. */
export interface CpuSetMeters<Report> extends AsyncDisposable {
  /** Starts the measured window. */
  open(): void
  close(): void
  /** The report of each meter on the window. */
  reports(): Promise<CpuSetReport<Report>[]>
}

/** The meter to start: a process that handles `open`, `close` and then `report`. */
export interface MeterOptions extends Pick<CpuSetMeter, 'name' | 'file' | 'connected'> {
  /** File for its output. */
  readonly log: string
}

/**
 * Starts the meters of one trial and waits until they are ready.
 *
 * @throws {ProcessError} one could not be started, or died
 */
export async function startMeters<Report>(
  placement: Placement,
  options: MeterOptions,
): Promise<CpuSetMeters<Report>> {
  await using started = new AsyncDisposableStack()
  const meters = await Promise.all(
    setsOf(placement).map(async (cpus) => {
      const pinned = placement.pinned ? cpus : undefined
      const env = compileCache()
      const meter = started.use(await startProcess({ ...options, env, cpus: pinned }))
      return { meter, cpus, address: await meter.call('start') }
    }),
  )
  if (options.connected) await connect(meters)
  const readings = meters.map(({ meter, cpus }) => meterOn<Report>(meter, cpus))
  const kept = started.move()
  return {
    open: () => readings.forEach((one) => void one.open()),
    close: () => readings.forEach((one) => void one.close()),
    reports: () => Promise.all(readings.map((one) => one.report())),
    async [Symbol.asyncDispose]() {
      await Promise.all(meters.map(({ meter }) => meter.stop()))
      await kept.disposeAsync()
    },
  }
}

/** Connects every meter to the first one; a single meter connects to itself. */
async function connect(
  meters: readonly { readonly meter: LabProcess; readonly address: unknown }[],
): Promise<void> {
  const others = meters.length > 1 ? meters.slice(1) : meters
  await Promise.all(others.map(({ meter }) => meter.call('join', meters[0]?.address)))
}

function setsOf({ target, driver, backends }: Placement): (readonly number[])[] {
  return [...new Map([target, driver, backends].map((cpus) => [cpus.join(), cpus])).values()]
}

function meterOn<Report>(meter: LabProcess, cpus: readonly number[]) {
  let cost = meterProcesses(() => [meter.pid])
  // If the meter has died, `report` throws.
  const send = (request: string) => void meter.call(request).catch(() => undefined)
  return {
    open(): void {
      send('open')
      cost = meterProcesses(() => [meter.pid])
      cost.open()
    },
    close(): void {
      send('close')
      cost.close()
    },
    async report(): Promise<CpuSetReport<Report>> {
      const { userSeconds, systemSeconds } = cost.usage()
      const report = await meter.call<Report>('report')
      return { ...report, cpus: [...cpus], cpuSeconds: userSeconds + systemSeconds }
    },
  }
}
