import { expect, test } from 'vitest'
import { mergeConnectionFacts } from '../../src/driver/connection-facts.ts'

test('the facts of several drivers are sums by address, TLS version and cipher', () => {
  const counts = { opened: 1, responses: 10, failed: 2 }
  const tls = (resumed: number, cipher: string) => ({
    checked: true,
    resumed,
    negotiated: { [cipher]: 1 },
  })
  expect(
    mergeConnectionFacts([
      { protocol: 'h2', addresses: { a: counts, b: counts }, tls: tls(1, 'TLSv1.3 X') },
      {
        protocol: 'h2',
        addresses: { b: counts, c: { ...counts, unreachable: 'ECONNREFUSED' } },
        tls: tls(2, 'TLSv1.3 X'),
      },
    ]),
  ).toEqual({
    protocol: 'h2',
    addresses: {
      a: counts,
      b: { opened: 2, responses: 20, failed: 4 },
      c: { ...counts, unreachable: 'ECONNREFUSED' },
    },
    tls: { checked: true, resumed: 3, negotiated: { 'TLSv1.3 X': 2 } },
  })
})

test('without TLS there is none', () => {
  expect(mergeConnectionFacts([{ protocol: 'http/1.1', addresses: {} }])).toEqual({
    protocol: 'http/1.1',
    addresses: {},
  })
})
