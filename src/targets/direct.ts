import { UsageError } from '../kit/errors.ts'
import type { Target } from './target.ts'

/**
 * No balancer: the driver sends its requests to the first backend. This is the control of every experiment: the difference
 * between a target and it is the target's cost, and its throughput is the limit of driver and backends.
 */
export const direct: Target = {
  name: 'direct',
  summary: 'no balancer: requests go to the first backend (the control)',
  algorithms: {},

  unavailable: async () => undefined,
  version: async () => undefined,

  async prepare({ backends }) {
    const [first] = backends
    if (first === undefined) {
      throw new UsageError('target direct needs a backend', 'Use at least one backend.')
    }
    return { by: 'running', url: first.url, ourBackends: true }
  },
}
