import type { Algorithm } from './algorithm.ts'
import { averageCells, latencyAverages, latencyOf, takeIn } from './parts/latency-averages.ts'
import { mayPick } from './parts/may-pick.ts'
import { recentQuantile } from './parts/recent-quantile.ts'

/** Probes for each request that go into the distribution of requests in flight, as in the paper. */
const probes = 3

/** What a new answer weighs in the latency average. */
const newest = 0.05

/**
 * Draws up to 16 backends and applies Prequal's hot-cold lexicographic rule: a backend is hot when it
 * has more requests in flight than the given quantile of what was seen of late. Among the cold ones
 * the fastest is taken; if all are hot, the one with the fewest requests.
 *
 * Simplified: the paper's clients send probes and keep a pool of the answers, which age and wear
 * out. Here requests in flight stand in the shared table, so a draw is a probe that is always fresh.
 * Its servers report the median latency of requests that met about as many in flight as there are
 * now; here each answer's latency is divided by the requests then in flight, and their average is
 * multiplied by those that there would be. (A plain average lags behind, and all follow it to one
 * backend after the other.) A backend that never answered counts as the fastest, until its
 * requests make it hot.
 */
export const prequal: Algorithm = {
  name: 'prequal',
  aliases: ['hcl', 'hot-cold'],
  summary: 'the fastest of those drawn at random that are not unusually busy',
  source: 'Wydrowski et al., Load is not what you should balance: Introducing Prequal, NSDI 2024',
  sees: ['in flight', 'latency', 'dice'],
  cost: 'O(choices); O(n) where few are eligible',
  state:
    'a latency average for each backend, shared; requests in flight of late, each worker its own',
  parameters: {
    quantile: {
      summary: 'the quantile of requests in flight above which a backend is hot',
      unit: '',
      default: 0.84,
      least: 0,
      most: 1,
      integer: false,
    },
    choices: {
      summary: 'how many backends are drawn for each request',
      unit: '',
      default: 16,
      least: 2,
      most: 1000,
      integer: true,
    },
    decay: {
      summary: 'the time in which a latency average loses 63 % without an answer',
      unit: 's',
      default: 10,
      least: 0.001,
      most: 3600,
      integer: false,
    },
  },
  cells: averageCells,

  picker(table, { random, shared, settings }) {
    const { size, inFlight } = table
    const choices = settings.choices as number
    const decay = settings.decay as number
    const averages = latencyAverages(shared, { decay, least: newest, peak: false })
    const seen = recentQuantile(settings.quantile as number)
    const deck = Int32Array.from({ length: size }, (_, row) => row)
    const pool = new Int32Array(Math.min(choices, size))

    /** Draws into `pool` from a deck that is shuffled as it is dealt (Fisher and Yates). */
    function fill(tried: ReadonlySet<number> | undefined): number {
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

    function fastestCold(count: number, most: number, now: number): number {
      let best = -1
      let fastest = 0
      for (let i = 0; i < count; i++) {
        const row = pool[i] as number
        if ((inFlight[row] as number) > most) continue
        const latency = latencyOf(averages, row, now) * ((inFlight[row] as number) + 1)
        if (best === -1 || latency < fastest) {
          best = row
          fastest = latency
        }
      }
      return best
    }

    function idlest(count: number): number {
      let best = pool[0] as number
      for (let i = 1; i < count; i++) {
        const row = pool[i] as number
        if ((inFlight[row] as number) < (inFlight[best] as number)) best = row
      }
      return best
    }

    return {
      pick({ tried, now }) {
        const most = seen.read()
        const count = fill(tried)
        if (count === 0) return -1
        for (let i = 0; i < count && i < probes; i++) {
          seen.add(inFlight[pool[i] as number] as number)
        }
        const cold = fastestCold(count, most, now)
        return cold === -1 ? idlest(count) : cold
      },
      recordLatency(row, seconds, now) {
        const requests = Math.max(1, inFlight[row] as number)
        takeIn(averages, row, { seconds: seconds / requests, now })
      },
    }
  },
}
