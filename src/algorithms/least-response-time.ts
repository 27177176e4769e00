import type { Algorithm } from './algorithm.ts'
import { indexedPicker, isIndexed } from './parts/indexed-picker.ts'
import { averageCells, latencyAverages, latencyOf, recordSample } from './parts/latency-averages.ts'
import { leastTimeIndex } from './parts/least-time-index.ts'
import { leastTimeScore } from './parts/least-time-score.ts'
import { mayPick } from './parts/may-pick.ts'
import { smoothTurns, turnCells } from './parts/smooth-turns.ts'

/** Minimum weight of a new response in the average, as in nginx. */
const minWeight = 0.05

/**
 * The backend with the lowest latency × requests relative to its weight; ties take smooth weighted turns. The
 * definition is nginx's least_time (in mode header): each new response has a weight of 5 % in the average,
 * latencies count in steps of 20 ms up to 5 s, and a backend without a response so far counts as fast.
 * Traefik's leasttime uses the mean of the last 100 responses, without steps.
 *
 * Difference: nginx halves the latency of a backend for each fail_timeout in which it was not tried, and drops
 * that at the next try. Here an idle average decays, and the next response is added to the decayed average, so
 * that a recovered backend is not slow again after one try.
 */
export const leastResponseTime: Algorithm = {
  name: 'least-response-time',
  aliases: ['lrt', 'least-time', 'least_time', 'leasttime', 'fastest'],
  summary:
    'the lowest latency × requests in flight relative to the weight; ties take weighted turns',
  source: 'nginx 1.31, ngx_http_upstream_least_time_module.c',
  inputs: ['weight', 'in flight', 'latency'],
  cost: 'O(n); O(weights + log n) with an index, for each change of a step of 20 ms',
  state: 'a latency average and a credit per backend, and a lock, shared by all workers',
  parameters: {
    decay: {
      summary: 'time constant: an average loses 63 % in this time without a response',
      unit: 's',
      default: 10,
      min: 0.001,
      max: 3600,
      integer: false,
    },
  },
  cells: (rows) => {
    const { ints, floats } = averageCells(rows)
    return { ints: ints + turnCells(rows), floats }
  },

  picker(table, { shared, settings, told }) {
    const { size, weight, inFlight } = table
    const decay = settings.decay as number
    const isAlone = told === 'everything'
    const averages = latencyAverages(shared, { decay, minWeight, peak: false, isAlone })
    if (isIndexed(table, told, 'everything')) {
      const index = leastTimeIndex(table, averages)
      return {
        ...indexedPicker(table, index),
        recordLatency(row, seconds, now) {
          recordSample(averages, row, { seconds, now })
          index.sampled(row)
        },
      }
    }
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
          // Even the lowest latency could not win with so many requests: the average need not be read.
          if (leastTimeScore(0, requests) * share > score * rowShare) continue
          const rowScore = leastTimeScore(latencyOf(averages, row, now), requests)
          const difference = rowScore * share - score * rowShare
          if (count === 0 || difference < 0) {
            count = 0
            score = rowScore
            share = rowShare
          } else if (difference > 0) continue
          tied[count++] = row
        }
        return turns.next(tied, count)
      },
      recordLatency: (row, seconds, now) => recordSample(averages, row, { seconds, now }),
    }
  },
}
