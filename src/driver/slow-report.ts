import { bootId } from '../kit/boot-id.ts'
import { hrtimeOffsetMs } from '../kit/clock.ts'
import type { Pause } from '../kit/pause.ts'

/** One of the slowest requests of a load. Times are milliseconds of the host's clock: `hrtimeOffsetMs`. */
export interface SlowRequest {
  /** When its time begins: closed loop, when it was sent; open loop, when it was due. */
  readonly dueMs: number
  /** When the driver got to it: later than due where the driver was late. */
  readonly arrivedMs: number
  /** When it was sent, or a connection began to open for it: later than it arrived where all connections were in use. */
  readonly sentMs: number
  /** When the connection that was opened for it was established; otherwise when it was sent. */
  readonly connectedMs: number
  readonly endedMs: number
}

/** The slowest requests of a driver, and what paused it meanwhile. Times are milliseconds of the host's clock. */
export interface SlowReport {
  /** The boot of the host whose clock it is: times of two boots cannot be compared. */
  readonly boot: string
  /** When the first of the `bins` began. */
  readonly binsFromMs: number
  readonly openedMs: number
  /** Of the window, with a 2xx status: at most 128. */
  readonly requests: readonly SlowRequest[]
  /** Garbage collections of the driver, delays of its event loop, and its waits for a CPU; at most the last 4,000. */
  readonly pauses: readonly Pause[]
}

/** The part of it that the recorder of the requests knows, in ms of `performance.now()`. */
export type SlowRequests = Omit<SlowReport, 'boot' | 'pauses'>

/** The report of this process. */
export function slowReport(
  { binsFromMs, openedMs, requests }: SlowRequests,
  pauses: readonly Pause[],
): SlowReport {
  const offsetMs = hrtimeOffsetMs()
  return {
    boot: bootId(),
    binsFromMs: binsFromMs + offsetMs,
    openedMs: openedMs + offsetMs,
    requests: requests.map(({ dueMs, arrivedMs, sentMs, connectedMs, endedMs }) => ({
      dueMs: dueMs + offsetMs,
      arrivedMs: arrivedMs + offsetMs,
      sentMs: sentMs + offsetMs,
      connectedMs: connectedMs + offsetMs,
      endedMs: endedMs + offsetMs,
    })),
    pauses,
  }
}
