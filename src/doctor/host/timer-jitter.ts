import { quantity } from '../../kit/units.ts'
import { type Check, onFact } from './check.ts'

/** Seconds at the 99th percentile above which timers disturb latency, and disturb it badly. */
const [some, much] = [1e-3, 5e-3]

/** How late a timer of 1 ms fires on an idle host: what the host adds to every latency. After jHiccup (Gil Tene). */
export const timerJitter: Check = {
  name: 'timer-jitter',
  title: 'timer jitter',
  examine: ({ jitter }, { rate }) =>
    onFact(jitter, ({ p50, p99, max }) => {
      const found = `a timer of 1 ms fires ${quantity(p50, 's')} late at p50, ${quantity(p99, 's')} at p99, at worst ${quantity(max, 's')}`
      if (p99 <= some) return { state: 'ok', found }
      const each =
        rate === undefined
          ? ''
          : `; ${Math.round(rate * p99)} arrivals fall into ${quantity(p99, 's')}`
      return {
        state: p99 > much ? 'bad' : 'warn',
        found,
        effect: `1 % of all requests are late by this much, whatever the balancer does${each}`,
        advice: 'stop other programs; in a virtual machine, use one with CPUs of its own',
        recheck: 'lb doctor',
      }
    }),
}
