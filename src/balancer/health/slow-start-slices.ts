import type { Health } from './health.ts'
import { slowStartShare } from './slow-start.ts'

/**
 * Opens and closes the gates of backends in their slow start, slice by slice. Each slice a backend
 * earns its share of it; once it has earned a whole one its gate is open for that slice. So a share
 * of 0.3 opens 3 of 10 slices, as evenly spread as can be, and no dice are needed.
 */
export interface SlowStartSlices {
  /** To be called once a slice; gives whether a slow start goes on. */
  turn(now: number): boolean
}

/** The gates of all rows; for one thread only. */
export function slowStartSlices(health: Health): SlowStartSlices {
  const { columns, settings } = health
  const earned = new Float64Array(columns.rows)
  return {
    turn: (now) =>
      health.change(now, () => {
        let going = false
        for (let row = 0; row < columns.rows; row++) {
          const since = columns.slowStartFrom[row] as number
          if (since < 0) {
            earned[row] = 0
            continue
          }
          going = true
          const credit = (earned[row] as number) + slowStartShare(now - since, settings.slowStart)
          const open = credit >= 1
          columns.sliceOpen[row] = open ? 1 : 0
          earned[row] = open ? credit - 1 : credit
        }
        return going
      }),
  }
}
