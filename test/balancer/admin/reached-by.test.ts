import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openAdmin } from '../../../src/balancer/admin/admin-server.ts'
import { adminSettings } from '../../../src/balancer/config/admin-settings.ts'
import { newProfiler } from '../../../src/balancer/profiling/profiler.ts'
import { eventually } from '../support/balance.ts'
import { healthFixture } from '../support/health-fixture.ts'
import { snapshot } from '../support/snapshot.ts'

const profiler = newProfiler(() => [])

function admin(settings: { readonly names?: readonly string[] } = {}) {
  const { changes } = healthFixture({ weights: [1] })
  const parsed = adminSettings.parse({ port: 0, token: 'let-me-change-it', ...settings })
  return openAdmin(() => parsed, { snapshot: () => snapshot(), changes: () => changes, profiler })
}

/** The status of a request with these field lines. */
async function status(port: number, fields: string, line = 'GET /healthz HTTP/1.1') {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${line}\r\n${fields}Connection: close\r\n\r\n`)
  return Number((await text(socket)).slice(9, 12))
}

const reading = ['/healthz', '/backends', '/metrics'].map((path) => `GET ${path} HTTP/1.1`)

test.for([
  'localhost',
  'LOCALHOST:80',
  'localhost.',
  '127.0.0.1',
  '127.0.0.1:8081',
  '192.0.2.7',
  '[::1]',
  'lb',
  'lb:8081',
  '[::1]:8081',
  '[2001:db8::1]:80',
])('requests to Host %s are served', async (host) => {
  await using server = await admin()
  for (const line of reading) expect(await status(server.port, `Host: ${host}\r\n`, line)).toBe(200)
})

test.for([
  'rebound.example',
  'rebound.example:8081',
  '127.0.0.1.rebound.example',
  'localhost.rebound.example',
  'rebound.example@127.0.0.1',
  'rebound.example/127.0.0.1',
  '[::1].rebound.example',
  '0x7f.1',
  '',
])('requests to Host %s are refused: it may be the name of a web page', async (host) => {
  await using server = await admin()
  for (const line of reading) expect(await status(server.port, `Host: ${host}\r\n`, line)).toBe(421)
})

test('further names can be allowed', async () => {
  await using server = await admin({ names: ['lb.internal'] })
  expect(await status(server.port, 'Host: LB.internal:81\r\n')).toBe(200)
  expect(await status(server.port, 'Host: web.internal\r\n')).toBe(421)
})

test('a request without Host is served, one with two is not', async () => {
  await using server = await admin()
  expect(await status(server.port, '', 'GET /healthz HTTP/1.0')).toBe(200)
  expect(await status(server.port, 'Host: 127.0.0.1\r\nHost: rebound.example\r\n')).toBe(400)
})

test('clients that hold connections with half a head do not keep others out', async () => {
  await using server = await admin()
  const held = Array.from({ length: 80 }, () => connect(server.port, '127.0.0.1'))
  try {
    await Promise.all(held.map((socket) => once(socket, 'connect')))
    for (const socket of held) {
      socket.on('error', () => undefined)
      socket.write('GET /healthz HTTP/1.1\r\nX')
    }
    expect(await status(server.port, 'Host: localhost\r\n')).toBe(200)
    // The oldest ones were closed for the later ones.
    await eventually(() => held[0]?.destroyed === true)
  } finally {
    for (const socket of held) socket.destroy()
  }
})
