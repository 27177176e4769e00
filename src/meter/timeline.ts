/** Usage of some processes over the window: three columns of equal length. */
export interface UsageTimeline {
  /** Seconds since the window opened. */
  readonly at: number[]
  /** CPU-seconds used since the window opened. */
  readonly cpuSeconds: number[]
  /** Resident memory at that time, bytes. */
  readonly rssBytes: number[]
}

/** One row of the timeline. */
interface Reading {
  readonly at: number
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** Records a timeline. */
interface UsageRecorder {
  /** Called at equal intervals; calls `read` only when a reading is due. */
  sample(read: () => Reading): void
  /** Takes the last reading. */
  end(reading: Reading): void
  timeline(): UsageTimeline
}

/**
 * Takes every second sample, the first included; once it has `max` readings, it drops every second one
 * and takes samples half as often. So a window of any length has a bounded number of readings.
 */
export function usageRecorder(max = 100): UsageRecorder {
  let readings: Reading[] = []
  let samples = 0
  let every = 2
  return {
    sample(read) {
      if (samples++ % every !== 0) return
      readings.push(read())
      if (readings.length < max) return
      readings = readings.filter((_, i) => i % 2 === 0)
      every *= 2
    },
    end(reading) {
      readings.push(reading)
    },
    timeline: () => ({
      at: readings.map(({ at }) => round(at, 3)),
      cpuSeconds: readings.map(({ cpuSeconds }) => round(cpuSeconds, 4)),
      rssBytes: readings.map(({ rssBytes }) => rssBytes),
    }),
  }
}

/** Rounded to the digits that are measured, which keeps results short. */
function round(seconds: number, digits: number): number {
  return Number(Math.max(0, seconds).toFixed(digits))
}
