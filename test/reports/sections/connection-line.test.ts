import { expect, test } from 'vitest'
import { connectionLine } from '../../../reports/sections/connection-line.ts'
import type { Measurement, ResultDocument } from '../../../src/result/document.ts'

type Facts = NonNullable<Measurement['connections']>

/** The line of a result whose trials had these connections. */
function lineOf(facts: readonly Facts[], settings = {}): string | undefined {
  const trials = facts.map((connections) => ({ connections }))
  return connectionLine({ trials, plan: { settings } } as unknown as ResultDocument)
}

const counts = (responses: number) => ({ opened: 1, responses, failed: 0 })

test('plain HTTP/1.1 to one address is not worth a line', () => {
  expect(lineOf([])).toBeUndefined()
  expect(
    lineOf([{ protocol: 'http/1.1', addresses: { '127.0.0.1:80': counts(5) } }]),
  ).toBeUndefined()
})

test('protocol, TLS and certificates', () => {
  const tls = {
    checked: false,
    resumed: 0,
    negotiated: { 'TLSv1.3 TLS_AES_256_GCM_SHA384': 2 },
  }
  const facts = { protocol: 'h2', addresses: { '127.0.0.1:443': counts(5) }, tls } as const
  const url = { insecure: true, http2: true, streams: 4 }
  expect(lineOf([facts, facts], { url })).toBe(
    'connections: HTTP/2 over TLSv1.3, TLS_AES_256_GCM_SHA384, up to 4 requests in flight on each, certificates were not checked (--insecure)',
  )
})

test('each of several addresses has its share, and one that was left out its error', () => {
  const addresses = {
    '10.0.0.1:80': counts(30),
    '[::1]:80': counts(10),
    '10.0.0.3:80': { ...counts(0), unreachable: 'ECONNREFUSED' },
  }
  expect(lineOf([{ protocol: 'http/1.1', addresses }])).toBe(
    'connections: HTTP/1.1 in clear text, 10.0.0.1:80 75 %, [::1]:80 25 %, 10.0.0.3:80 left out (ECONNREFUSED)',
  )
})
