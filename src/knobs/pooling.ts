import { balancerField } from './balancer-field.ts'
import { editedLines, oneLine } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const onOrOff = { default: 'on', alternatives: ['off'], accepts: { names: ['off'] } }

/** Whether connections to backends are kept. */
export const pooling: Knob = {
  name: 'pooling',
  aliases: ['keepalive'],
  advice: 'Keep connections to backends open and use them again.',
  source: 'nginx: "proxy_http_version 1.1" and "keepalive"; openlibrary#13680',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    reference: balancerField('limits.pool', { ...onOrOff, of: () => 0 }),
    nginx: editedLines({
      ...onOrOff,
      of: () => ({
        edits: [
          { find: '    keepalive {pool};\n', put: '' },
          { find: 'proxy_set_header Connection "";', put: 'proxy_set_header Connection close;' },
        ],
        shows: { 'proxy_set_header Connection close;': 'present' },
        paste: 'proxy_set_header Connection close;  # and no keepalive in the upstream',
      }),
    }),
    haproxy: editedLines({
      ...{ default: 'always', alternatives: ['off', 'safe'] },
      accepts: { names: ['off', 'never', 'safe', 'aggressive'] },
      of: (reuse) =>
        reuse === 'off'
          ? {
              edits: [
                {
                  find: '  http-reuse always\n',
                  put: '  http-reuse never\n  option http-server-close\n',
                },
              ],
              shows: { 'http-reuse never': 'present', 'option http-server-close': 'present' },
              paste: 'http-reuse never\noption http-server-close',
            }
          : oneLine('  http-reuse always\n', `  http-reuse ${reuse}\n`),
    }),
    caddy: editedLines({
      ...onOrOff,
      of: () => ({
        edits: [
          {
            find: 'keepalive {poolSeconds}s\n      keepalive_idle_conns 0\n      keepalive_idle_conns_per_host {pool}',
            put: 'keepalive off',
          },
        ],
        shows: { 'keepalive off': 'present' },
        paste: 'keepalive off',
      }),
    }),
  },
}
