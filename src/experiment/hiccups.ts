import { entry } from '../kit/entry.ts'
import type { Placement } from '../lab/cores.ts'
import { type LabProcess, startProcess } from '../lab/process.ts'
import type { Hiccups } from '../meter/hiccup-counts.ts'
import { meterProcesses } from '../meter/process.ts'
import type { Measurement } from '../result/document.ts'

/** What a meter saw on one set of CPUs. */
type Seen = NonNullable<Measurement['host']['hiccups']>[number]

/** A hiccup meter on each set of CPUs that a trial runs on. */
export interface HiccupMeters extends AsyncDisposable {
  open(): void
  close(): void
  /** What each saw between the two. */
  use(): Promise<Seen[]>
}

/**
 * Starts the meters of one trial and waits until they run; they write to `log`.
 *
 * @throws {ProcessError} one could not be started, or died
 */
export async function startHiccupMeters(placement: Placement, log: string): Promise<HiccupMeters> {
  await using started = new AsyncDisposableStack()
  const meters = await Promise.all(
    setsOf(placement).map(async (cpus) => {
      const meter = started.use(
        await startProcess({
          name: 'the hiccup meter',
          file: entry('../meter/hiccup', import.meta.url),
          log,
          cpus: placement.pinned ? cpus : undefined,
        }),
      )
      await meter.ask('start')
      return meterOn(meter, cpus)
    }),
  )
  const held = started.move()
  return {
    open: () => meters.forEach((meter) => void meter.open()),
    close: () => meters.forEach((meter) => void meter.close()),
    use: () => Promise.all(meters.map((meter) => meter.use())),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

function setsOf({ target, driver, backends }: Placement): (readonly number[])[] {
  return [...new Map([target, driver, backends].map((cpus) => [cpus.join(), cpus])).values()]
}

function meterOn(meter: LabProcess, cpus: readonly number[]) {
  const cost = meterProcesses(() => [meter.pid])
  // Should it have died, the report says so.
  const tell = (what: string) => void meter.ask(what).catch(() => undefined)
  return {
    open(): void {
      tell('open')
      cost.open()
    },
    close(): void {
      tell('close')
      cost.close()
    },
    async use(): Promise<Seen> {
      const { userSeconds, systemSeconds } = cost.use()
      const seen = await meter.ask<Hiccups>('report')
      return { cpus: [...cpus], ...seen, cpuSeconds: userSeconds + systemSeconds }
    },
  }
}
