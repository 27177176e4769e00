import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

/** Requests after which a kept connection is closed. */
export const keepaliveRequests: Knob = {
  name: 'keepalive-requests',
  advice: 'Raise the number of requests that one connection may carry.',
  source: 'nginx: "keepalive_requests"; Kong#12223',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    nginx: editedLines({
      ...{ default: '1000000000', alternatives: ['1000'] },
      accepts: { from: 1, to: 1_000_000_000, unit: 'requests' },
      of: (requests) => ({
        edits: [{ find: 'keepalive_requests 1000000000;', put: `keepalive_requests ${requests};` }],
        shows: { [`keepalive_requests ${requests};`]: 'present' },
        paste: `keepalive_requests ${requests};`,
      }),
    }),
  },
}
