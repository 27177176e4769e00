import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

/** Whether a response is collected before it is sent on. */
export const buffering: Knob = {
  name: 'buffering',
  aliases: ['proxy-buffering'],
  advice: 'Turn response buffering off for small responses and streams.',
  source: 'nginx: "proxy_buffering off"',
  moves: ['cpuPerRequest', 'latencyP99', 'rssMean'],
  settings: {
    nginx: editedLines({
      ...{ default: 'on', alternatives: ['off'], accepts: { names: ['off'] } },
      of: () => ({
        edits: [
          {
            find: 'proxy_http_version 1.1;',
            put: 'proxy_http_version 1.1;\n      proxy_buffering off;',
          },
        ],
        shows: { 'proxy_buffering off;': 'present' },
        paste: 'proxy_buffering off;',
      }),
    }),
  },
}
