import { balancerField } from './balancer-field.ts'
import { editedLines, oneLine } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const common = { default: '4', alternatives: ['60'], accepts: { from: 1, to: 3600, unit: 's' } }

/** How long an idle connection to a backend is kept. */
export const poolIdle: Knob = {
  name: 'pool-idle',
  advice: 'Keep idle connections to backends for 60 to 90 seconds.',
  source: 'nginx: "keepalive_timeout" of an upstream; Go: IdleConnTimeout',
  moves: ['cpuPerRequest', 'errorShare', 'latencyP99'],
  settings: {
    reference: balancerField('timeouts.pool', { ...common, of: Number }),
    nginx: editedLines({
      ...common,
      of: (time) => ({
        ...oneLine('keepalive_timeout {poolSeconds}s;', `keepalive_timeout ${time}s;`),
        // Client connections have a line of the same name, so that only the one that is gone shows anything.
        shows: { 'keepalive_timeout 4s;': 'absent' },
      }),
    }),
    haproxy: editedLines({
      ...common,
      of: (time) => oneLine('pool-purge-delay {poolSeconds}s', `pool-purge-delay ${time}s`),
    }),
    caddy: editedLines({
      ...common,
      of: (time) => oneLine('keepalive {poolSeconds}s', `keepalive ${time}s`),
    }),
  },
}
