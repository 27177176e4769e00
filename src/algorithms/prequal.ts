import type { Algorithm } from './algorithm.ts'
import { averageCells, latencyAverages, latencyOf, recordSample } from './parts/latency-averages.ts'
import { mayPick } from './parts/may-pick.ts'
import { recentQuantile } from './parts/recent-quantile.ts'

/** Number of backends per request whose requests in flight are sampled, as in the paper. */
const probes = 3

/** Minimum weight of a new response in the latency average. */
const minWeight = 0.05

/**
 * Draws up to 16 backends and applies Prequal's hot-cold lexicographic rule: a backend is hot if it has more
 * requests in flight than the given quantile of the recent samples. Of the cold ones the fastest is picked; if all
 * are hot, the one with the fewest requests.
 *
 * Simplified: the paper's clients send probes and keep a pool of their results, which age. Here requests in
 * flight are in the shared table, so a draw is a probe that is always current. The paper's servers report the
 * median latency of requests that met a similar number in flight; here the latency of each response is divided
 * by the requests then in flight, and the average is multiplied by those that there would be. (A plain
 * average lags, and all clients follow it from one backend to the next.) A backend without a response so
 * far counts as the fastest, until its requests make it hot.
 */
export const prequal: Algorithm = {
  name: 'prequal',
  aliases: ['hcl', 'hot-cold'],
  summary: 'of several drawn at random, the fastest that is not unusually busy',
  source: 'Wydrowski et al., Load is not what you should balance: Introducing Prequal, NSDI 2024',
  inputs: ['in flight', 'latency', 'random'],
  cost: 'O(choices); O(n) if few are eligible',
  state: 'a latency average per backend, shared; recent samples of requests in flight, per worker',
  parameters: {
    quantile: {
      summary: 'quantile of the requests in flight above which a backend is hot',
      unit: '',
      default: 0.84,
      min: 0,
      max: 1,
      integer: false,
    },
    choices: {
      summary: 'number of backends drawn for each request',
      unit: '',
      default: 16,
      min: 2,
      max: 1000,
      integer: true,
    },
    decay: {
      summary: 'time constant: a latency average loses 63 % in this time without a response',
      unit: 's',
      default: 10,
      min: 0.001,
      max: 3600,
      integer: false,
    },
  },
  cells: averageCells,

  picker(table, { random, shared, settings, told }) {
    const { size, inFlight } = table
    const choices = settings.choices as number
    const decay = settings.decay as number
    const isAlone = told === 'everything'
    const averages = latencyAverages(shared, { decay, minWeight, peak: false, isAlone })
    const recent = recentQuantile(settings.quantile as number)
    const deck = Int32Array.from({ length: size }, (_, row) => row)
    const pool = new Int32Array(Math.min(choices, size))

    /** Draws into `pool`: a Fisher–Yates shuffle of the deck that stops when enough are drawn. */
    function drawPool(tried: ReadonlySet<number> | undefined): number {
      let count = 0
      for (let dealt = 0; dealt < size && count < choices; dealt++) {
        const other = dealt + Math.floor(random() * (size - dealt))
        const row = deck[other] as number
        deck[other] = deck[dealt] as number
        deck[dealt] = row
        if (mayPick(table, row, tried)) pool[count++] = row
      }
      return count
    }

    function fastestCold(count: number, maxInFlight: number, now: number): number {
      let best = -1
      let fastest = Number.POSITIVE_INFINITY
      for (let i = 0; i < count; i++) {
        const row = pool[i] as number
        if ((inFlight[row] as number) > maxInFlight) continue
        const requests = (inFlight[row] as number) + 1
        const latency = latencyOf(averages, row, now, fastest / requests) * requests
        if (best === -1 || latency < fastest) {
          best = row
          fastest = latency
        }
      }
      return best
    }

    function leastBusy(count: number): number {
      let best = pool[0] as number
      for (let i = 1; i < count; i++) {
        const row = pool[i] as number
        if ((inFlight[row] as number) < (inFlight[best] as number)) best = row
      }
      return best
    }

    return {
      pick({ tried, now }) {
        const maxInFlight = recent.read()
        const count = drawPool(tried)
        if (count === 0) return -1
        for (let i = 0; i < count && i < probes; i++) {
          recent.add(inFlight[pool[i] as number] as number)
        }
        const cold = fastestCold(count, maxInFlight, now)
        return cold === -1 ? leastBusy(count) : cold
      },
      recordLatency(row, seconds, now) {
        const requests = Math.max(1, inFlight[row] as number)
        recordSample(averages, row, { seconds: seconds / requests, now })
      },
    }
  },
}
