import type { Placement } from '../../lab/cores.ts'
import { type LabProcess, startProcess } from '../../lab/process.ts'
import { meterProcesses } from '../../meter/process.ts'

/** What a meter saw on one set of CPUs, and what it took of them itself. */
type Seen<Report> = Report & {
  readonly cpus: number[]
  /** CPU-seconds of the meter in the window. */
  readonly cpuSeconds: number
}

/** A meter of its own on each set of CPUs that a trial runs on. */
export interface CpuSetMeters<Report> extends AsyncDisposable {
  open(): void
  close(): void
  /** What each saw between the two. */
  use(): Promise<Seen<Report>[]>
}

/** Which meter to start: a process that is told `open` and `close`, and then asked for its `report`. */
export interface MeterOptions {
  readonly name: string
  readonly file: string
  readonly log: string
  /** Whether each is told to join the first, by what that answered to `start`. */
  readonly joined?: boolean
}

/**
 * Starts the meters of one trial and waits until they run.
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
      const meter = started.use(await startProcess({ ...options, cpus: pinned }))
      return { meter, cpus, answer: await meter.call('start') }
    }),
  )
  if (options.joined) await join(meters)
  const readings = meters.map(({ meter, cpus }) => meterOn<Report>(meter, cpus))
  const held = started.move()
  return {
    open: () => readings.forEach((one) => void one.open()),
    close: () => readings.forEach((one) => void one.close()),
    use: () => Promise.all(readings.map((one) => one.use())),
    async [Symbol.asyncDispose]() {
      await Promise.all(meters.map(({ meter }) => meter.stop()))
      await held.disposeAsync()
    },
  }
}

/** On one set of CPUs the only one joins itself. */
async function join(
  meters: readonly { readonly meter: LabProcess; readonly answer: unknown }[],
): Promise<void> {
  const others = meters.length > 1 ? meters.slice(1) : meters
  await Promise.all(others.map(({ meter }) => meter.call('join', meters[0]?.answer)))
}

function setsOf({ target, driver, backends }: Placement): (readonly number[])[] {
  return [...new Map([target, driver, backends].map((cpus) => [cpus.join(), cpus])).values()]
}

function meterOn<Report>(meter: LabProcess, cpus: readonly number[]) {
  const cost = meterProcesses(() => [meter.pid])
  // Should it have died, the report says so.
  const tell = (what: string) => void meter.call(what).catch(() => undefined)
  return {
    open(): void {
      tell('open')
      cost.open()
    },
    close(): void {
      tell('close')
      cost.close()
    },
    async use(): Promise<Seen<Report>> {
      const { userSeconds, systemSeconds } = cost.usage()
      const seen = await meter.call<Report>('report')
      return { ...seen, cpus: [...cpus], cpuSeconds: userSeconds + systemSeconds }
    },
  }
}
