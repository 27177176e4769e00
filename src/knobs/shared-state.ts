import { balancerField } from './balancer-field.ts'
import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

/** Whether workers share what the algorithm knows. */
export const sharedState: Knob = {
  name: 'shared-state',
  aliases: ['zone', 'sharding'],
  advice: 'Give each worker state of its own: no locks and no atomic operations for a pick.',
  source: 'nginx: "zone"; Go: sharded locks and atomics',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    reference: balancerField('sharedState', {
      ...{ default: 'shared', alternatives: ['worker'], accepts: { names: ['worker'] } },
      of: () => false,
    }),
    nginx: editedLines({
      ...{ default: 'zone', alternatives: ['none'], accepts: { names: ['none'] } },
      of: () => ({
        edits: [{ find: '    zone backends 1m;\n', put: '' }],
        shows: { 'zone backends': 'absent' },
        paste: '# no zone in the upstream',
      }),
    }),
  },
}
