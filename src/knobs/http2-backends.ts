import { editedLines } from './edited-lines.ts'
import type { Knob, Setting } from './knob.ts'

const values = { default: 'http/1.1', alternatives: ['h2'], accepts: { names: ['h2'] } }
/** The backends count the requests of each protocol. */
const spoken = { from: 'backend-protocol', what: '', is: 'h2' } as const

function withLine(find: string, put: string, paste: string): Setting {
  const lines = editedLines({
    ...values,
    of: () => ({ edits: [{ find, put }], shows: { [put]: 'present' }, paste }),
  })
  return {
    ...lines,
    turn(value) {
      const { readBack, ...rest } = lines.turn(value)
      return { ...rest, readBack: [...readBack, spoken] }
    },
  }
}

/** The protocol between the balancer and its backends, in clear text: HTTP/2 by prior knowledge. */
export const http2Backends: Knob = {
  name: 'http2-backends',
  aliases: ['h2c'],
  advice: 'Speak HTTP/2 to backends: many requests share a connection.',
  source: 'RFC 9113, section 3.3; HAProxy: "proto h2"; Caddy: "versions h2c"',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {
    reference: {
      ...values,
      turn: () => ({ http2Backends: true, readBack: [spoken] }),
      paste: () => 'backends:\n  - url: h2c://HOST:PORT  # in place of http://, for each backend',
    },
    haproxy: withLine(
      'default-server pool-max-conn',
      'default-server proto h2 pool-max-conn',
      'default-server proto h2',
    ),
    caddy: withLine('versions 1.1', 'versions h2c', 'versions h2c'),
  },
}
