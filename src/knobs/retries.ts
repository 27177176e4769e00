import { balancerField } from './balancer-field.ts'
import { editedLines, oneLine } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const common = { default: '3', alternatives: ['1'], accepts: { from: 1, to: 100, unit: 'tries' } }

/** How many backends a request is sent to. */
export const retries: Knob = {
  name: 'retries',
  advice: 'Limit retries: they multiply the load when backends fail.',
  source: 'nginx: "proxy_next_upstream_tries"; HAProxy: "retries"',
  moves: ['errorShare', 'cpuPerRequest', 'latencyP99'],
  settings: {
    reference: balancerField('retries.tries', { ...common, of: Number }),
    nginx: editedLines({
      ...common,
      of: (tries) =>
        oneLine('proxy_next_upstream_tries {tries};', `proxy_next_upstream_tries ${tries};`),
    }),
    haproxy: editedLines({
      ...common,
      of: (tries) => oneLine('  retries {retries}', `  retries ${Number(tries) - 1}`),
    }),
    caddy: editedLines({
      ...common,
      of: (tries) => oneLine('lb_retries {retries}', `lb_retries ${Number(tries) - 1}`),
    }),
  },
}
