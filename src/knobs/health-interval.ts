import { balancerField } from './balancer-field.ts'
import { editedLines, oneLine } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const accepts = { from: 1, to: 3600, unit: 's' }

/** Seconds between two active checks of a backend. */
export const healthInterval: Knob = {
  name: 'health-interval',
  aliases: ['health-checks'],
  advice: 'Check the health of backends every few seconds.',
  source: 'HAProxy: "check inter"; Caddy: "health_interval"',
  moves: ['cpuPerRequest', 'latencyP99', 'errorShare'],
  settings: {
    reference: balancerField('health.active', {
      ...{ default: 'none', alternatives: ['1'], accepts },
      of: (time) => ({ interval: Number(time), timeout: Math.min(2, Number(time)) }),
    }),
    haproxy: editedLines({
      ...{ default: '10', alternatives: ['1'], accepts },
      of: (time) => oneLine('check inter {ejection}s', `check inter ${time}s`),
    }),
    caddy: editedLines({
      ...{ default: 'none', alternatives: ['1'], accepts },
      of(time) {
        const lines = `health_uri /\n    health_interval ${time}s`
        return {
          edits: [{ find: 'max_fails {failures}', put: `${lines}\n    max_fails {failures}` }],
          shows: { [lines]: 'present' },
          paste: `health_uri /\nhealth_interval ${time}s`,
        }
      },
    }),
  },
}
