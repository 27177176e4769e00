import type { EngineFacts } from './schemas/engine.ts'

/** Deviation from which on the rate of a clock is wrong: twice the fastest correction of a clock by NTP, 500 ppm. */
const allowedRate = 0.001

/** Whether the clock of a node certainly runs too fast or too slow. */
export function crookedClock({
  clockRate = 1,
  clockRateBound = 0,
}: Pick<EngineFacts['nodes'][number], 'clockRate' | 'clockRateBound'>): boolean {
  return Math.abs(clockRate - 1) - clockRateBound > allowedRate
}
