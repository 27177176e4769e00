import type { Algorithm } from './algorithm.ts'
import { draws } from './parts/draw.ts'

/**
 * A backend at random, each equally likely. Needs to remember nothing and has no order that traffic
 * could fall into step with; pays for it with the longest queues of all.
 */
export const random: Algorithm = {
  name: 'random',
  aliases: ['rand'],
  summary: 'any backend, each equally likely',
  source: 'Envoy random; HAProxy balance random(1)',
  sees: ['dice'],
  cost: 'O(1); O(n) where few are eligible',
  state: 'none',
  parameters: {},
  cells: () => ({ ints: 0, floats: 0 }),

  picker(table, { random }) {
    const draw = draws(table, random)
    return { pick: ({ tried }) => draw(tried, -1) }
  },
}
