import { balancerField } from './balancer-field.ts'
import { editedLines, oneLine } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const common = {
  ...{ default: '4096', alternatives: ['128'] },
  accepts: { from: 1, to: 65_535, unit: 'connections' },
}

/** Connections that the kernel queues until they are accepted. */
export const backlog: Knob = {
  name: 'backlog',
  aliases: ['somaxconn'],
  advice: 'Raise the backlog of the listening socket, and somaxconn with it.',
  source: 'listen(2); nginx: "backlog="; most lists of sysctls',
  moves: ['errorShare', 'latencyP99', 'throughput'],
  settings: {
    reference: balancerField('backlog', { ...common, of: Number }),
    nginx: editedLines({
      ...common,
      of: (size) => ({
        ...oneLine('backlog=4096;', `backlog=${size};`),
        paste: `listen 80 backlog=${size};`,
      }),
    }),
    haproxy: editedLines({
      ...common,
      of: (size) => ({
        ...oneLine('backlog 4096', `backlog ${size}`),
        paste: `bind :80 backlog ${size}`,
      }),
    }),
  },
}
