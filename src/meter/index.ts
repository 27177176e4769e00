import { modulePath } from '../kit/module-path.ts'

/** A meter that runs as a process of its own on every CPU set of a trial. */
export interface CpuSetMeter {
  /** Field of the result document that holds its readings. */
  readonly field: 'yardstick' | 'timerJitter'
  /** Its name in errors. */
  readonly name: string
  /** Module of its process. */
  readonly file: string
  /** Whether the meters of a trial exchange messages: each then joins the first one. */
  readonly connected: boolean
}

/**
 * The meter of each phase. At saturation the cost of the same small work on this host counts, since it is part of
 * every cost; below saturation the delay of a timer, since the tail of latency is small enough for the host to
 * dominate it.
 */
export const cpuSetMeters: Readonly<Record<'capacity' | 'latency', CpuSetMeter>> = {
  capacity: {
    field: 'yardstick',
    name: 'the yardstick',
    file: modulePath('./yardstick', import.meta.url),
    connected: true,
  },
  latency: {
    field: 'timerJitter',
    name: 'the timer jitter meter',
    file: modulePath('./timer-jitter', import.meta.url),
    connected: false,
  },
}
