import { balancerField } from './balancer-field.ts'
import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

/** Bytes that one read takes. */
export const readBuffer: Knob = {
  name: 'read-buffer',
  aliases: ['buffer-size'],
  advice: 'Fit the buffers to the responses.',
  source: 'nginx: "proxy_buffers"; HAProxy: "tune.bufsize"',
  moves: ['cpuPerRequest', 'rssMean', 'throughput'],
  settings: {
    reference: balancerField('limits.readBuffer', {
      ...{ default: '65536', alternatives: ['8192'] },
      accepts: { from: 1024, to: 1_048_576, unit: 'bytes' },
      of: Number,
    }),
    nginx: editedLines({
      ...{ default: '4', alternatives: ['16'], accepts: { from: 1, to: 1024, unit: 'KiB' } },
      of(size) {
        const lines = `proxy_buffer_size ${size}k;\n      proxy_buffers 8 ${size}k;`
        return {
          edits: [
            { find: 'proxy_http_version 1.1;', put: `proxy_http_version 1.1;\n      ${lines}` },
          ],
          shows: { [lines]: 'present' },
          paste: `proxy_buffer_size ${size}k;\nproxy_buffers 8 ${size}k;`,
        }
      },
    }),
    haproxy: editedLines({
      ...{ default: '16384', alternatives: ['65536'] },
      accepts: { from: 4096, to: 1_048_576, unit: 'bytes' },
      of: (size) => ({
        edits: [
          {
            find: '  nbthread {workers}\n',
            put: `  nbthread {workers}\n  tune.bufsize ${size}\n`,
          },
        ],
        shows: { [`tune.bufsize ${size}`]: 'present' },
        paste: `tune.bufsize ${size}`,
      }),
    }),
    caddy: editedLines({
      ...{ default: '4', alternatives: ['64'], accepts: { from: 1, to: 1024, unit: 'KiB' } },
      of: (size) => ({
        edits: [
          { find: 'compression off\n', put: `compression off\n      read_buffer ${size}KiB\n` },
        ],
        shows: { [`read_buffer ${size}KiB`]: 'present' },
        paste: `read_buffer ${size}KiB`,
      }),
    }),
  },
}
