import type { Algorithm } from './algorithm.ts'
import { draws } from './parts/draw.ts'
import { averageCells, latencyAverages, latencyOf, takeIn } from './parts/latency-averages.ts'

/**
 * What one more request would cost at a backend: its latency average times the requests it would
 * then have. One that has requests but no answer yet costs more than any other, so that it is probed
 * with one request and not swamped.
 */
export function peakEwmaLoad(
  average: number,
  inFlight: number,
  { initial, penalty }: { readonly initial: number; readonly penalty: number },
): number {
  if (average !== 0) return average * (inFlight + 1)
  return inFlight === 0 ? initial : penalty + inFlight
}

/**
 * Of two different backends drawn at random, the one where latency × requests is less. The latency
 * average jumps to every higher sample at once and comes down slowly, so a backend in trouble is left
 * alone after one slow answer; while nothing comes back from it its average decays, so that it is
 * tried again.
 *
 * The definition is Finagle's, but reading an average leaves it as it is, as in linkerd: the next
 * answer after a long pause then weighs more. On a tie the first drawn is taken.
 */
export const peakEwma: Algorithm = {
  name: 'peak-ewma',
  aliases: ['ewma', 'peak_ewma', 'p2c-ewma', 'p2c-peak-ewma'],
  summary: 'of two drawn at random, the one with less latency × requests in flight',
  source: 'Finagle, PeakEwma.scala (Twitter, 2015)',
  sees: ['in flight', 'latency', 'dice'],
  cost: 'O(1); O(n) where few are eligible',
  state: 'a latency average for each backend, shared by all workers',
  parameters: {
    decay: {
      summary: 'the time in which an average loses 63 % without an answer',
      unit: 's',
      default: 10,
      least: 0.001,
      most: 3600,
      integer: false,
    },
    initial: {
      summary: 'the latency assumed of an idle backend that never answered (linkerd: 0.03)',
      unit: 's',
      default: 0,
      least: 0,
      most: 3600,
      integer: false,
    },
    penalty: {
      summary: 'the load of a backend that has requests but never answered',
      unit: '',
      default: 1_000_000,
      least: 0,
      most: 1e12,
      integer: false,
    },
  },
  cells: averageCells,

  picker(table, { random, shared, settings }) {
    const { inFlight } = table
    const decay = settings.decay as number
    const averages = latencyAverages(shared, { decay, least: 0, peak: true })
    const assumed = { initial: settings.initial as number, penalty: settings.penalty as number }
    const draw = draws(table, random)

    return {
      pick({ tried, now }) {
        let best = -1
        let least = 0
        for (let choice = 0; choice < 2; choice++) {
          const row = draw(tried, best)
          if (row === -1) break
          const load = peakEwmaLoad(latencyOf(averages, row, now), inFlight[row] as number, assumed)
          if (best !== -1 && load >= least) continue
          best = row
          least = load
        }
        return best
      },
      recordLatency: (row, seconds, now) => takeIn(averages, row, { seconds, now }),
    }
  },
}
