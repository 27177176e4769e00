import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { fuzz } from '../../fuzz/campaign.ts'
import { fuzzCase } from '../../fuzz/http1/fuzz-case.ts'
import { http1Fuzzer } from '../../fuzz/http1/fuzzer.ts'
import { readRequests } from '../../fuzz/http1/reference-reader.ts'
import { http2BackendsFuzzer } from '../../fuzz/http2/backends-fuzzer.ts'
import { clientCase } from '../../fuzz/http2/client-case.ts'
import { http2ClientsFuzzer } from '../../fuzz/http2/clients-fuzzer.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lb-fuzz-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Numbers of `count` batches of `size` cases. */
function batches(count: number, size: number): number[][] {
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: size }, (_, i) => batch * size + i),
  )
}

test('the same seed and number give the same case', () => {
  expect(fuzzCase(7, 1234)).toEqual(fuzzCase(7, 1234))
  expect(fuzzCase(7, 1234).raw).not.toBe(fuzzCase(8, 1234).raw)
})

test('the same seed and number give the same HTTP/2 client', () => {
  expect(clientCase(7, 1234)).toEqual(clientCase(7, 1234))
  expect(clientCase(7, 1234).bytes).not.toEqual(clientCase(8, 1234).bytes)
})

test('HTTP/2 clients, valid and malformed: no response is crossed, none hangs, nothing is left open', async () => {
  await using fuzzer = await http2ClientsFuzzer()
  const tally = await fuzz({
    seed: 1,
    fuzzer,
    file: fileURLToPath(new URL('../../src/balancer/main.ts', import.meta.url)),
    log: join(scratch, 'http2-clients.log'),
    batches: batches(1, 60),
  })
  expect(tally.findings).toEqual([])
  // The test means nothing if most are refused for their first byte.
  expect(tally.reached).toBeGreaterThan(100)
  expect(tally.statuses[200]).toBeGreaterThan(100)
})

test('HTTP/2 backends that lie: no response is crossed or cut, no client hangs, nothing is left open', async () => {
  await using fuzzer = await http2BackendsFuzzer()
  const tally = await fuzz({
    seed: 1,
    fuzzer,
    file: fileURLToPath(new URL('../../src/balancer/main.ts', import.meta.url)),
    log: join(scratch, 'http2-backends.log'),
    batches: batches(3, 40),
  })
  expect(tally.findings).toEqual([])
  expect(tally.statuses[200]).toBeGreaterThan(10)
  expect(tally.statuses[502]).toBeGreaterThan(10)
})

test('malformed requests: none is smuggled, none hangs, nothing is left open', async () => {
  await using fuzzer = await http1Fuzzer()
  const tally = await fuzz({
    seed: 1,
    fuzzer,
    file: fileURLToPath(new URL('../../src/balancer/main.ts', import.meta.url)),
    log: join(scratch, 'balancer.log'),
    batches: batches(3, 200),
  })
  expect(tally.findings).toEqual([])
  // The test means nothing if all are refused for their first byte, or none is.
  expect(tally.reached).toBeGreaterThan(100)
  expect(tally.statuses[400]).toBeGreaterThan(50)
})

test.for([
  ['a request without a body', 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n', ['/a']],
  ['two behind an empty line', '\r\nGET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.0\r\n\r\n', ['/a', '/b']],
  [
    'one in the body of another',
    'PUT /a HTTP/1.1\r\nContent-Length: 19\r\n\r\nGET /b HTTP/1.1\r\n\r\n',
    ['/a'],
  ],
  [
    'one behind chunks',
    'PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nhi\r\n0\r\nT: 1\r\n\r\nGET /b HTTP/1.1\r\n\r\n',
    ['/a', '/b'],
  ],
  [
    'one behind a length and chunks',
    'PUT /a HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n',
    [],
  ],
  ['one behind a bare line feed', 'GET /a HTTP/1.1\nHost: a\r\n\r\n', []],
] as const)('the reference reader reads %s', ([, text, targets]) => {
  expect(readRequests(text).requests.map(({ target }) => target)).toEqual(targets)
})
