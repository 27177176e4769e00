import { editedLines } from './edited-lines.ts'
import type { Knob, Setting } from './knob.ts'

/** Requests at once on each connection: so many fewer connections, and as many requests in flight. */
const streams = 10

const values = { default: 'http/1.1', alternatives: ['h2'], accepts: { names: ['h2'] } }
const spoken = { from: 'protocol', what: '', is: 'h2' } as const

/** A target whose port speaks both protocols. */
const bothSpoken: Setting = {
  ...values,
  turn: () => ({ http2Streams: streams, readBack: [spoken] }),
  paste: () => '# nothing to set: clients choose HTTP/2 by prior knowledge, or by ALPN over TLS',
}

function withLine(find: string, put: string, shown: string): Setting {
  const lines = editedLines({
    ...values,
    of: () => ({ edits: [{ find, put }], shows: { [shown]: 'present' }, paste: shown }),
  })
  return {
    ...lines,
    turn(value) {
      const { readBack, ...rest } = lines.turn(value)
      return { ...rest, http2Streams: streams, readBack: [...readBack, spoken] }
    },
  }
}

/** The protocol between clients and the balancer. */
export const http2Clients: Knob = {
  name: 'http2-clients',
  aliases: ['http2'],
  advice: 'Offer HTTP/2 to clients: many requests share a connection.',
  source: 'RFC 9113; nginx: "http2"',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    reference: bothSpoken,
    nginx: withLine(
      'listen {address}:{port} backlog=4096;',
      'listen {address}:{port} http2 backlog=4096;',
      'http2 backlog=4096;',
    ),
    haproxy: bothSpoken,
    caddy: withLine('  servers {\n', '  servers {\n    protocols h1 h2c\n', 'protocols h1 h2c'),
  },
}
