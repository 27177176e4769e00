import type { Knob } from './knob.ts'

/** The protocol between the balancer and its backends. */
export const http2Backends: Knob = {
  name: 'http2-backends',
  advice: 'Speak HTTP/2 to backends: many requests share a connection.',
  source: 'RFC 9113; HAProxy: "proto h2" of a server',
  moves: ['cpuPerRequest', 'throughput', 'latencyP99'],
  settings: {},
  notHere: {
    reference: 'backends-speak-http1',
    haproxy: 'backends-speak-http1',
    caddy: 'backends-speak-http1',
  },
}
