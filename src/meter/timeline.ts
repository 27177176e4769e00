/** What some processes used as the window went on: three columns of one length. */
export interface UsageTimeline {
  /** Seconds since the window opened. */
  readonly at: number[]
  /** CPU-seconds used since then. */
  readonly cpuSeconds: number[]
  /** Resident memory at that moment, bytes. */
  readonly rssBytes: number[]
}

/** One moment of it. */
interface Reading {
  readonly at: number
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** Writes a course down. */
interface UsageRecorder {
  /** Offered at equal distances; takes a reading only when it is time for one. */
  offer(read: () => Reading): void
  /** Takes the last reading. */
  end(reading: Reading): void
  course(): UsageTimeline
}

/**
 * Takes every second reading that it is offered, the first included; once it has `most`, every other one goes
 * and they are taken half as often. So a window of any length costs a bounded number of readings.
 */
export function usageRecorder(most = 100): UsageRecorder {
  let kept: Reading[] = []
  let offered = 0
  let every = 2
  return {
    offer(read) {
      if (offered++ % every !== 0) return
      kept.push(read())
      if (kept.length < most) return
      kept = kept.filter((_, i) => i % 2 === 0)
      every *= 2
    },
    end(reading) {
      kept.push(reading)
    },
    course: () => ({
      at: kept.map(({ at }) => to(at, 3)),
      cpuSeconds: kept.map(({ cpuSeconds }) => to(cpuSeconds, 4)),
      rssBytes: kept.map(({ rssBytes }) => rssBytes),
    }),
  }
}

/** More digits than are measured only make the result long. */
function to(seconds: number, digits: number): number {
  return Number(Math.max(0, seconds).toFixed(digits))
}
