import { UsageError } from '../kit/errors.ts'
import type { Target } from './target.ts'

/**
 * No balancer: the connections of the driver go to all backends, in proportion to their weights. This is the control of every experiment: the difference
 * between a target and it is the target's cost, and its throughput is the limit of driver and backends.
 */
export const direct: Target = {
  name: 'direct',
  summary: 'no balancer: connections go to all backends by weight (the control)',
  algorithms: {},

  unavailable: async () => undefined,
  version: async () => undefined,

  async prepare({ backends, entry }) {
    const [first] = backends
    if (first === undefined) {
      throw new UsageError('target direct needs a backend', 'Use at least one backend.')
    }
    return { by: 'running', url: entry ?? first.url, ourBackends: true }
  },
}
