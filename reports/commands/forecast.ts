import { percent } from '../../src/kit/units.ts'
import type { Forecast } from '../../src/result/forecast.ts'

/** One line for stderr during the run: the expected number of blocks and their time. */
export function forecastText(forecast: Forecast): string {
  const { phase, precision, expected, atMost, planned, secondsPerBlock } = forecast
  const time = (blocks: number) => `${Math.ceil(blocks * secondsPerBlock)} s`
  const range =
    expected === atMost
      ? `${expected} blocks, ${time(expected)}`
      : `${expected} blocks (${time(expected)}), at most ${atMost} (${time(atMost)})`
  const beyond =
    expected > planned ? `; the phase ends after ${planned} blocks, with wider intervals` : ''
  return `${phase}: ±${percent(precision)} takes about ${range}${beyond}`
}
