import { percent } from '../../src/kit/units.ts'
import type { Forecast } from '../../src/result/forecast.ts'

/** One line for stderr, while the run goes on. */
export function forecastText(found: Forecast): string {
  const { phase, precision, expected, atMost, planned, secondsPerBlock } = found
  const time = (blocks: number) => `${Math.ceil(blocks * secondsPerBlock)} s`
  const range =
    expected === atMost
      ? `${expected} blocks, ${time(expected)}`
      : `${expected} blocks (${time(expected)}), at most ${atMost} (${time(atMost)})`
  const beyond = expected > planned ? `; it ends after ${planned}, with wider intervals` : ''
  return `${phase}: ±${percent(precision)} takes about ${range}${beyond}`
}
