import { expect, test } from 'vitest'
import type { Exchange } from '../../src/balancer/proxy/exchange.ts'
import { checkBodyRate } from '../../src/balancer/proxy/slow-body.ts'
import { balance, eventually } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { rawClient } from './support/raw-client.ts'

const head = 'POST / HTTP/1.1\r\nHost: lb.test\r\n'
const timeouts = { idle: 0.3 }

test.for([
  ['with a length', 'Content-Length: 1000000\r\n', 'x'],
  ['in chunks', 'Transfer-Encoding: chunked\r\n', '1\r\nx\r\n'],
  ['that did not wait for 100 (Continue)', 'Content-Length: 999\r\nExpect: 100-continue\r\n', 'x'],
] as const)('a body %s that drips in is 408 in the end', async ([, fields, piece]) => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts })
  await using client = await rawClient(balancer.port)
  client.send(`${head}${fields}\r\n${piece}`)
  const drip = setInterval(() => client.send(piece), 20)
  const response = await client.closed()
  clearInterval(drip)
  expect(response).toMatch(/^HTTP\/1\.1 408 /)
  await eventually(() => backend.open() === 0)
})

test.for([
  ['once the response has begun', 240],
  ['where there is no minimum', 0],
] as const)('a body may drip in %s', async ([, bodyRate]) => {
  const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no'
  await using backend = await rawBackend((socket, text) => {
    if (bodyRate > 0 && text.endsWith('\r\n\r\n')) socket.write(response)
  })
  await using balancer = await balance([backend.port], { timeouts, limits: { bodyRate } })
  await using client = await rawClient(balancer.port)
  client.send(`${head}Content-Length: 40\r\n\r\n`)
  let sent = 0
  const drip = setInterval(() => {
    client.send('x')
    if (++sent === 40) clearInterval(drip)
  }, 20)
  await backend.until(/x{40}$/)
  expect(client.text()).not.toMatch(/408/)
})

/** Checks a body of which so many bytes came within 10 s; returns until when it has time. */
function check(bodyBytes: number, { paused = false, expects = false } = {}): number {
  const exchange = {
    proxy: { settings: { limits: { bodyRate: 100 } } },
    client: { socket: { isPaused: () => paused } },
    responseStarted: false,
    expectsContinue: expects,
    bodyBytes,
    bodyUntil: 5,
  } as unknown as Exchange
  checkBodyRate(exchange, 10, 0.25)
  return exchange.bodyUntil
}

test('each byte gives a body time, and so does waiting for the backend', () => {
  expect(check(501)).toBe(5)
  expect(() => check(500)).toThrow()
  expect(check(0, { paused: true })).toBe(5.25)
  expect(check(0, { expects: true })).toBe(5.25)
})
