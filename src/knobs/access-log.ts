import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const offOrOn = { default: 'off', alternatives: ['on'], accepts: { names: ['on'] } }

/** A line in a file for each request. */
export const accessLog: Knob = {
  name: 'access-log',
  aliases: ['log'],
  advice: 'Turn the access log off, or write it seldom.',
  source: 'nginx: "access_log off"; most tuning guides',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    reference: {
      ...offOrOn,
      turn: () => ({
        config: { accessLog: '{scratch}/access.log' },
        readBack: [{ from: 'settings', what: 'accessLog', is: 'present' }],
      }),
      paste: () => 'accessLog: access.log',
    },
    nginx: editedLines({
      ...offOrOn,
      of: () => ({
        edits: [{ find: 'access_log off;', put: 'access_log {scratch}/access.log;' }],
        shows: { 'access_log off;': 'absent' },
        paste: 'access_log access.log;',
      }),
    }),
    haproxy: editedLines({
      ...offOrOn,
      of: () => ({
        edits: [
          { find: 'global\n', put: 'global\n  log stdout format raw local0\n' },
          { find: '  mode http\n', put: '  mode http\n  log global\n  option httplog\n' },
        ],
        shows: { 'log global': 'present', 'option httplog': 'present' },
        paste: 'log global\noption httplog',
      }),
    }),
    caddy: editedLines({
      ...offOrOn,
      of: () => ({
        edits: [
          {
            find: '  bind {address}\n',
            put: '  bind {address}\n  log {\n    output file {scratch}/access.log\n  }\n',
          },
        ],
        shows: { 'output file': 'present' },
        paste: 'log {\n  output file access.log\n}',
      }),
    }),
  },
}
