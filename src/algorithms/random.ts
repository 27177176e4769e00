import type { Algorithm } from './algorithm.ts'
import { draws } from './parts/draw.ts'

/**
 * A backend at random, each equally likely. It has no state, and no order that traffic could synchronise with;
 * its queues are the longest of all algorithms.
 */
export const random: Algorithm = {
  name: 'random',
  aliases: ['rand'],
  summary: 'a random backend, each equally likely',
  source: 'Envoy random; HAProxy balance random(1)',
  inputs: ['random'],
  cost: 'O(1); O(n) if few are eligible',
  state: 'none',
  parameters: {},
  cells: () => ({ ints: 0, floats: 0 }),

  picker(table, { random }) {
    const draw = draws(table, random)
    return { pick: ({ tried }) => draw(tried, -1) }
  },
}
