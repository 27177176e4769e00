import { balancerField } from './balancer-field.ts'
import { editedLines, oneLine } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const accepts = { from: 1, to: 65_536, unit: 'connections' }

/** Idle connections that are kept to backends. */
export const poolSize: Knob = {
  name: 'pool-size',
  aliases: ['keepalive-conns'],
  advice: 'Keep as many idle connections to backends as there are requests at once.',
  source: 'nginx: "keepalive N"; Go: MaxIdleConnsPerHost (2 by default)',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    reference: balancerField('limits.pool', {
      ...{ default: '512', alternatives: ['4'], accepts },
      of: Number,
    }),
    nginx: editedLines({
      ...{ default: '512 for each backend', alternatives: ['12'], accepts },
      of: (size) => oneLine('keepalive {pool};', `keepalive ${size};`),
    }),
    haproxy: editedLines({
      ...{ default: '512 for each thread', alternatives: ['4'], accepts },
      of: (size) => oneLine('pool-max-conn {pool}', `pool-max-conn ${size}`),
    }),
    caddy: editedLines({
      ...{ default: '512 for each backend', alternatives: ['4'], accepts },
      of: (size) =>
        oneLine('keepalive_idle_conns_per_host {pool}', `keepalive_idle_conns_per_host ${size}`),
    }),
  },
}
