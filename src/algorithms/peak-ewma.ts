import type { Algorithm } from './algorithm.ts'
import { draws } from './parts/draw.ts'
import { averageCells, latencyAverages, latencyOf, recordSample } from './parts/latency-averages.ts'

/**
 * The load of a backend with one more request: its latency average times the requests that it would have. A
 * backend with requests but no response so far has a higher load than any other, so that it gets one request
 * as a probe and not many.
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
 * Of two different backends drawn at random, the one with the lower latency × requests. The latency average
 * jumps to every higher sample at once and falls slowly, so a backend in trouble is avoided after one slow
 * response; without responses its average decays, so that it is tried again.
 *
 * The definition is Finagle's, but reading an average does not change it, as in linkerd: the next response after
 * a long pause then has a higher weight. On a tie the first drawn is picked.
 */
export const peakEwma: Algorithm = {
  name: 'peak-ewma',
  aliases: ['ewma', 'peak_ewma', 'p2c-ewma', 'p2c-peak-ewma'],
  summary: 'of two drawn at random, the one with the lower latency × requests in flight',
  source: 'Finagle, PeakEwma.scala (Twitter, 2015)',
  inputs: ['in flight', 'latency', 'random'],
  cost: 'O(1); O(n) if few are eligible',
  state: 'a latency average per backend, shared by all workers',
  parameters: {
    decay: {
      summary: 'time constant: an average loses 63 % in this time without a response',
      unit: 's',
      default: 10,
      min: 0.001,
      max: 3600,
      integer: false,
    },
    initial: {
      summary: 'assumed latency of an idle backend without a response so far (linkerd: 0.03)',
      unit: 's',
      default: 0,
      min: 0,
      max: 3600,
      integer: false,
    },
    penalty: {
      summary: 'load of a backend that has requests but no response so far',
      unit: '',
      default: 1_000_000,
      min: 0,
      max: 1e12,
      integer: false,
    },
  },
  cells: averageCells,

  picker(table, { random, shared, settings, told }) {
    const { inFlight } = table
    const decay = settings.decay as number
    const isAlone = told === 'everything'
    const averages = latencyAverages(shared, { decay, minWeight: 0, peak: true, isAlone })
    const assumed = { initial: settings.initial as number, penalty: settings.penalty as number }
    const draw = draws(table, random)

    return {
      pick({ tried, now }) {
        let best = -1
        let lowest = 0
        for (let choice = 0; choice < 2; choice++) {
          const row = draw(tried, best)
          if (row === -1) break
          const load = peakEwmaLoad(latencyOf(averages, row, now), inFlight[row] as number, assumed)
          if (best !== -1 && load >= lowest) continue
          best = row
          lowest = load
        }
        return best
      },
      recordLatency: (row, seconds, now) => recordSample(averages, row, { seconds, now }),
    }
  },
}
