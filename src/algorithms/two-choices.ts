import type { Algorithm } from './algorithm.ts'
import { draws } from './parts/draw.ts'

/**
 * Draws two different backends at random and picks the less busy one. Two draws keep the longest queue near
 * log log n, where one draw gives log n / log log n.
 *
 * The two are distinct by default, as in Finagle: if they may be the same, as in Envoy, the worse one of two
 * backends still gets a quarter of the picks. On a tie the first drawn is picked, which is either of the two
 * with equal probability. Weights are ignored, except that 0 excludes a backend.
 */
export const twoChoices: Algorithm = {
  name: 'two-choices',
  aliases: ['p2c', 'power-of-two-choices', 'power-of-two', 'random-two', 'two-random-choices'],
  summary: 'the less busy of two different backends drawn at random',
  source:
    'Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS 12(10), 2001; drawn as in Finagle',
  inputs: ['in flight', 'random'],
  cost: 'O(1); O(n) if few are eligible',
  state: 'none',
  parameters: {
    distinct: {
      summary: '1: the two backends are always different; 0: they may be the same, as in Envoy',
      unit: '',
      default: 1,
      min: 0,
      max: 1,
      integer: true,
    },
  },
  cells: () => ({ ints: 0, floats: 0 }),

  picker(table, { random, settings }) {
    const { inFlight } = table
    const draw = draws(table, random)
    const distinct = settings.distinct === 1

    return {
      pick({ tried }) {
        let best = -1
        let fewest = 0
        for (let choice = 0; choice < 2; choice++) {
          const row = draw(tried, distinct ? best : -1)
          if (row === -1) break
          const busy = inFlight[row] as number
          if (best !== -1 && busy >= fewest) continue
          best = row
          fewest = busy
        }
        return best
      },
    }
  },
}
