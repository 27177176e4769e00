import type { Algorithm } from './algorithm.ts'
import { averageCells, latencyAverages, latencyOf, takeIn } from './parts/latency-averages.ts'
import { mayPick } from './parts/may-pick.ts'
import { smoothTurns, turnCells } from './parts/smooth-turns.ts'

/** What a new answer weighs in the average, as in nginx. */
const newest = 0.05

/** Whole milliseconds above which nginx holds all backends for equally slow. */
const slowest = 5000

/**
 * How long a backend would need for its requests and one more, in nginx's whole milliseconds: the
 * latency, rounded up into clusters of 20 ms so that those close together take turns, times the
 * requests that it would have.
 */
export function leastTimeScore(seconds: number, inFlight: number): number {
  // Cut to an integer in the machine's sense: dividing doubles would double the cost of a pick.
  const ms = (Math.min(seconds, 10) * 1000 + 0.5) | 0
  return (ms > slowest ? slowest : ms + 20 - (ms % 20)) * (1 + inFlight)
}

/**
 * The backend with the least latency × requests for its weight; those that tie take smooth weighted
 * turns. The definition is nginx's least_time (in mode header): 5 % of each new answer go into the
 * average, latencies count in steps of 20 ms and up to 5 s, a backend that never answered counts as
 * fast. Traefik's leasttime takes the mean of the last 100 answers, without steps.
 *
 * What differs: nginx halves the latency of a backend for each fail_timeout in which it was not
 * tried, and forgets that at the next try. Here an idle average decays, and the decayed one is
 * what the next answer goes into, so that a backend which has recovered is not slow again after
 * one try.
 */
export const leastResponseTime: Algorithm = {
  name: 'least-response-time',
  aliases: ['lrt', 'least-time', 'least_time', 'leasttime', 'fastest'],
  summary: 'the least latency × requests in flight for its weight; ties take weighted turns',
  source: 'nginx 1.31, ngx_http_upstream_least_time_module.c',
  sees: ['weight', 'in flight', 'latency'],
  cost: 'O(n)',
  state: 'a latency average and a credit for each backend, and a lock, shared by all workers',
  parameters: {
    decay: {
      summary: 'the time in which an average loses 63 % without an answer',
      unit: 's',
      default: 10,
      least: 0.001,
      most: 3600,
      integer: false,
    },
  },
  cells: (rows) => {
    const { ints, floats } = averageCells(rows)
    return { ints: ints + turnCells(rows), floats }
  },

  picker(table, { shared, settings }) {
    const { size, weight, inFlight } = table
    const decay = settings.decay as number
    const averages = latencyAverages(shared, { decay, least: newest, peak: false })
    const turns = smoothTurns(weight, shared.ints.subarray(averageCells(size).ints))
    const tied = new Int32Array(size)

    return {
      pick({ tried, now }) {
        let count = 0
        let score = 0
        let share = 0
        for (let row = 0; row < size; row++) {
          if (!mayPick(table, row, tried)) continue
          const rowShare = weight[row] as number
          const requests = inFlight[row] as number
          // Not even the fastest of backends could be better with as many: its latency can stay unread.
          if (leastTimeScore(0, requests) * share > score * rowShare) continue
          const rowScore = leastTimeScore(latencyOf(averages, row, now), requests)
          const sooner = rowScore * share - score * rowShare
          if (count === 0 || sooner < 0) {
            count = 0
            score = rowScore
            share = rowShare
          } else if (sooner > 0) continue
          tied[count++] = row
        }
        return turns.next(tied, count)
      },
      recordLatency: (row, seconds, now) => takeIn(averages, row, { seconds, now }),
    }
  },
}
