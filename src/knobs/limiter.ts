import { balancerField } from './balancer-field.ts'
import { editedLines } from './edited-lines.ts'
import type { Knob } from './knob.ts'

const offOrOn = { default: 'off', alternatives: ['on'], accepts: { names: ['on'] } }

/** Requests per second that no client reaches: the limiter counts, and refuses none. */
const rate = 1_000_000

/** A rate limit for each client. */
export const limiter: Knob = {
  name: 'limiter',
  aliases: ['rate-limit'],
  advice: 'Shard the counters of a rate limiter, or go without one.',
  source: 'nginx: "limit_req"; HAProxy: "stick-table"',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    // With one worker nobody waits for a lock: see `lb tune --cores`.
    reference: balancerField('rateLimit', {
      ...{ default: 'off', alternatives: ['on'] },
      accepts: { names: ['on', 'one-shard', 'per-worker'] },
      of: (value) => ({
        ...{ rate, burst: rate },
        ...(value === 'one-shard' && { shards: 1 }),
        ...(value === 'per-worker' && { shared: false }),
      }),
    }),
    nginx: editedLines({
      ...offOrOn,
      of: () => ({
        edits: [
          {
            find: '  upstream backends {\n',
            put: `  limit_req_zone $binary_remote_addr zone=clients:10m rate=${rate}r/s;\n\n  upstream backends {\n`,
          },
          {
            find: '    location / {\n',
            put: `    location / {\n      limit_req zone=clients burst=${rate} nodelay;\n`,
          },
        ],
        shows: { [`limit_req zone=clients burst=${rate} nodelay;`]: 'present' },
        paste: `limit_req_zone $binary_remote_addr zone=clients:10m rate=${rate}r/s;\nlimit_req zone=clients burst=${rate} nodelay;`,
      }),
    }),
    haproxy: editedLines({
      ...offOrOn,
      of: () => ({
        edits: [
          {
            find: '  {algorithm}\n',
            put: '  {algorithm}\n  stick-table type ip size 100k expire 30s store http_req_rate(10s)\n  http-request track-sc0 src\n',
          },
        ],
        shows: { 'http-request track-sc0 src': 'present' },
        paste:
          'stick-table type ip size 100k expire 30s store http_req_rate(10s)\nhttp-request track-sc0 src',
      }),
    }),
  },
}
