import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const offOrOn = { default: 'off', alternatives: ['on'], accepts: { names: ['on'] } }
/** `sampled`: one request of a hundred. */
const sampledToo = {
  ...{ default: 'off', alternatives: ['on', 'sampled'] },
  accepts: { names: ['on', 'sampled'] },
}
const sample = 100

const sampledByNginx = `split_clients $request_id $is_logged { ${100 / sample}% 1; * 0; }`

/** A line in a file for each request, or for some. */
export const accessLog: Knob = {
  name: 'access-log',
  aliases: ['log'],
  advice: 'Turn the access log off, or write it seldom.',
  source: 'nginx: "access_log off"; most tuning guides',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    reference: {
      ...sampledToo,
      turn: (value) => ({
        config: {
          accessLog: '{scratch}/access.log',
          ...(value === 'sampled' && { accessLogSample: sample }),
        },
        readBack: [
          { from: 'settings', what: 'accessLog', is: 'present' },
          ...(value === 'sampled'
            ? [{ from: 'settings' as const, what: 'accessLogSample', is: String(sample) }]
            : []),
        ],
      }),
      paste: (value) =>
        `accessLog: access.log${value === 'sampled' ? `\naccessLogSample: ${sample}` : ''}`,
    },
    nginx: editedLines({
      ...sampledToo,
      of: (value) =>
        value === 'on'
          ? {
              edits: [{ find: 'access_log off;', put: 'access_log {scratch}/access.log;' }],
              shows: { 'access_log off;': 'absent' },
              paste: 'access_log access.log;',
            }
          : {
              edits: [
                {
                  find: 'access_log off;',
                  put: `${sampledByNginx}\n  access_log {scratch}/access.log combined if=$is_logged;`,
                },
              ],
              shows: { 'combined if=$is_logged;': 'present' },
              paste: `${sampledByNginx}\naccess_log access.log combined if=$is_logged;`,
            },
    }),
    haproxy: editedLines({
      ...sampledToo,
      of(value) {
        const to = `log stdout format raw${value === 'sampled' ? ` sample 1:${sample}` : ''} local0`
        return {
          edits: [
            { find: '  nbthread {workers}\n', put: `  nbthread {workers}\n  ${to}\n` },
            { find: '  mode http\n', put: '  mode http\n  log global\n  option httplog\n' },
          ],
          shows: { [to]: 'present', 'log global': 'present', 'option httplog': 'present' },
          paste: `${to}\nlog global\noption httplog`,
        }
      },
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
