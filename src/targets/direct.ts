import { UsageError } from '../kit/errors.ts'
import type { Target } from './target.ts'

/**
 * No balancer: the driver asks the first backend itself. The control of every experiment: what a target
 * adds to it is the target's, and what it cannot exceed is the driver's or the backends'.
 */
export const direct: Target = {
  name: 'direct',
  summary: 'no balancer: the driver asks the first backend itself',
  algorithms: {},

  unavailable: async () => undefined,
  version: async () => undefined,

  async prepare({ backends }) {
    const [first] = backends
    if (first === undefined) {
      throw new UsageError('there is no backend to drive directly', 'Ask for at least one backend.')
    }
    return { by: 'running', url: first.url, ourBackends: true }
  },
}
