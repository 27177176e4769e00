import { slowStartShare } from '../../algorithms/parts/slow-start.ts'
import type { Health } from './health.ts'

/**
 * Divides time into slices, and makes a backend in its slow start eligible in a part of them. In each slice
 * a backend earns its share; once that adds up to a whole slice, the next one is open. So a share of 0.3
 * opens 3 of 10 slices, spread evenly and without random numbers.
 */
export interface SlowStartSlices {
  /** To be called once per slice; returns whether any backend is in its slow start. */
  nextSlice(now: number): boolean
}

/** The slices of all rows; for one thread only. */
export function slowStartSlices(health: Health): SlowStartSlices {
  const { columns, settings } = health
  const earned = new Float64Array(columns.rows)
  return {
    nextSlice: (now) =>
      health.change(now, () => {
        let slowStarting = false
        for (let row = 0; row < columns.rows; row++) {
          const since = columns.slowStartFrom[row] as number
          if (since < 0) {
            earned[row] = 0
            continue
          }
          slowStarting = true
          const credit = (earned[row] as number) + slowStartShare(now - since, settings.slowStart)
          const open = credit >= 1
          columns.sliceOpen[row] = open ? 1 : 0
          earned[row] = open ? credit - 1 : credit
        }
        return slowStarting
      }),
  }
}
