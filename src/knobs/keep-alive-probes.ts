import { balancerField } from './balancer-field.ts'
import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const offOrOn = { default: 'off', alternatives: ['on'], accepts: { names: ['on'] } }

/** Probes of the kernel on silent connections. */
export const keepAliveProbes: Knob = {
  name: 'keep-alive-probes',
  aliases: ['tcp-keepalive', 'so-keepalive'],
  advice: 'Enable TCP keep-alive on both sides.',
  source:
    'RFC 9293, section 3.8.4; nginx: "so_keepalive", "proxy_socket_keepalive"; HAProxy: "option tcpka"',
  moves: ['cpuPerRequest', 'latencyP99', 'errorShare'],
  settings: {
    reference: balancerField('tcpKeepAlive', {
      ...{ default: 'on', alternatives: ['off'], accepts: { names: ['off'] } },
      of: () => false,
    }),
    nginx: editedLines({
      ...offOrOn,
      of: () => ({
        edits: [
          { find: 'backlog=4096;', put: 'backlog=4096 so_keepalive=on;' },
          {
            find: 'proxy_http_version 1.1;',
            put: 'proxy_http_version 1.1;\n      proxy_socket_keepalive on;',
          },
        ],
        shows: { 'so_keepalive=on;': 'present', 'proxy_socket_keepalive on;': 'present' },
        paste: 'listen 80 so_keepalive=on;\nproxy_socket_keepalive on;',
      }),
    }),
    haproxy: editedLines({
      ...offOrOn,
      of: () => ({
        edits: [{ find: '  option forwardfor\n', put: '  option forwardfor\n  option tcpka\n' }],
        shows: { 'option tcpka': 'present' },
        paste: 'option tcpka',
      }),
    }),
  },
}
